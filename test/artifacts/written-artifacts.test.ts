import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schemaFaults } from './schema-faults.js'

const command = fileURLToPath(new URL('../../dist/fft.cjs', import.meta.url))

const files: Readonly<Record<string, string>> = {
  'project.yml': "name: shop\nversion: '1.0'\n",
  'profiles.yml': 'dev:\n  engine: duckdb\n  duckdb: { path: shop.duckdb, schema: main }\n',
  'sources.yml': `version: 2
sources:
  - name: raw
    tables:
      - name: raw_orders
        description: orders as the shop writes them
        freshness: { warn_after: { count: 1, period: day } }
        loaded_at_field: updated_at
        meta: { any: thing }
        columns:
          - name: id
            tests: [not_null]
`,
  'seeds/raw_orders.csv': 'id,status,updated_at\n1,open,2024-01-01\n2,done,2024-01-02\n',
  'models/stg/orders_view.ff.sql':
    "{{ config(materialized='view', tags=['stg']) }}\nselect * from {{ source('raw', 'raw_orders') }}\n",
  'models/helper.ff.sql': "{{ config(materialized='ephemeral') }}\nselect 1 as one\n",
  'models/orders.ff.sql': `{{ config(materialized='incremental', unique_key='id', updated_at='updated_at', meta={'owner': 'ada'}) }}
select o.* from {{ ref('orders_view') }} as o, {{ ref('helper') }}
`,
  'models/broken.ff.sql': 'select no_such_column from {{ ref("orders") }}\n',
  'models/schema.yml': `version: 2
models:
  - name: orders
    description: one row an order
    columns:
      - name: id
        description: key
        tests: [unique, not_null]
      - name: status
        tests:
          - accepted_values: { values: [open], severity: warn }
`,
  'tests/no_old_orders.sql': "select * from {{ ref('orders') }} where updated_at < '2000-01-01'\n",
}

describe('the artifacts of a build', () => {
  let project = ''

  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), 'fft-artifacts-'))
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(project, file)), { recursive: true })
      writeFileSync(join(project, file), text)
    }
    const { status, stderr } = spawnSync(process.execPath, [command, 'build', '--project', project], {
      encoding: 'utf8',
    })
    // The broken model fails; everything else runs.
    expect(stderr).toContain('no_such_column')
    expect(status).toBe(1)
  })

  afterAll(() => rmSync(project, { recursive: true, force: true }))

  test("are valid against dbt's schemas", () => {
    expect(schemaFaults('manifest-v12', artifact('manifest.json'))).toEqual([])
    expect(schemaFaults('run-results-v6', artifact('run_results.json'))).toEqual([])
  })

  test('name nodes and results by the same ids', () => {
    const { nodes, sources } = artifact('manifest.json') as Record<string, Record<string, unknown>>
    expect(
      Object.keys({ ...nodes, ...sources })
        .map((id) => id.replace(/\.[0-9a-f]{10}$/, ''))
        .sort(),
    ).toEqual([
      'model.shop.broken',
      'model.shop.helper',
      'model.shop.orders',
      'model.shop.orders_view',
      'seed.shop.raw_orders',
      'source.shop.raw.raw_orders',
      'test.shop.accepted_values_orders_status__open',
      'test.shop.no_old_orders',
      'test.shop.not_null_orders_id',
      'test.shop.source_not_null_raw_raw_orders_id',
      'test.shop.unique_orders_id',
    ])
    const { results } = artifact('run_results.json') as { results: { unique_id: string; status: string }[] }
    const statuses = Object.fromEntries(results.map((it) => [it.unique_id, it.status]))
    expect(statuses).toMatchObject({
      'seed.shop.raw_orders': 'success',
      'model.shop.orders': 'success',
      'model.shop.broken': 'error',
      'test.shop.no_old_orders': 'pass',
    })
    expect(Object.keys(statuses).filter((id) => nodes?.[id] === undefined)).toEqual([])
  })

  test('have every event of the run, one a line, errors and statements too', () => {
    const events = eventsOf('target')
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['run_started', 'statement', 'run_finished']))
    expect(events.filter(({ type }) => type === 'node_finished')).toHaveLength(9)
    expect(events.find(({ code }) => code === 'column-missing')).toMatchObject({
      file: 'models/broken.ff.sql',
      line: 1,
    })
  })

  test('are of the last command: one that fails before it runs leaves its reason and no results', () => {
    const fails = (...argv: readonly string[]) =>
      spawnSync(process.execPath, [command, ...argv, '--project', project, '--target-path', join(project, 'other')])
    expect(fails('run', '--select', 'nothing').status).toBe(2)
    expect(eventsOf('other')).toMatchObject([{ type: 'diagnostic', code: 'selector-no-match' }])
    expect(artifact('run_results.json', 'other')).toMatchObject({ args: { which: 'run' }, results: [] })
    expect(artifact('manifest.json', 'other')).toHaveProperty(['nodes', 'model.shop.orders'])
    rmSync(join(project, 'other/manifest.json'))
    writeFileSync(join(project, 'profiles.yml'), 'dev:\n  engine: duckdb\n  duckdb: { path: models }\n')
    expect(fails('seed').status).toBe(1)
    expect(eventsOf('other')).toMatchObject([{ type: 'command_failed', code: 'database-not-valid' }])
    expect(artifact('run_results.json', 'other')).toMatchObject({ args: { which: 'seed' }, results: [] })
    expect(artifact('manifest.json', 'other')).toHaveProperty(['nodes', 'model.shop.orders'])
  })

  test('say until the very end what happened when the process is killed', () => {
    writeFileSync(join(project, 'profiles.yml'), 'dev:\n  engine: duckdb\n  duckdb: { path: ":memory:" }\n')
    writeFileSync(join(project, 'models/first.ff.sql'), 'select 1 as id\n')
    writeFileSync(
      join(project, 'models/slow.ff.sql'),
      "select count(*) as n from {{ ref('first') }}, range(100000000000)\n",
    )
    const argv = [command, 'run', '--project', project, '-s', 'first slow']
    expect(spawnSync(process.execPath, argv, { timeout: 4000, killSignal: 'SIGKILL' }).signal).toBe('SIGKILL')
    const events = eventsOf('target')
    expect(events.at(-1)).toMatchObject({ type: 'node_started', name: 'slow' })
    expect(events.some(({ type, name }) => type === 'node_finished' && name === 'first')).toBe(true)
  })

  function eventsOf(folder: string): readonly Readonly<Record<string, unknown>>[] {
    const lines = readFileSync(join(project, folder, 'fft_events.jsonl'), 'utf8').split('\n')
    expect(lines.pop()).toBe('')
    return lines.map((line) => JSON.parse(line))
  }

  function artifact(name: string, folder = 'target'): unknown {
    return JSON.parse(readFileSync(join(project, folder, name), 'utf8'))
  }
})

describe('the artifacts of a project with everything that its YAML may say', () => {
  let project = ''
  const run = (...argv: readonly string[]) =>
    spawnSync(process.execPath, [command, ...argv, '--project', project], { encoding: 'utf8' })
  const artifact = (name: string): Json => JSON.parse(readFileSync(join(project, 'target', name), 'utf8'))

  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), 'fft-artifacts-'))
    const described: Readonly<Record<string, string>> = {
      ...files,
      'models/broken.ff.sql': 'select 1 as id\n',
      'models/held.ff.sql': 'select 1 as id\n',
      'models/held.yml': `version: 2
groups:
  - {name: sales, owner: {name: ada, email: ada@example.com, phone: 1}, description: what is sold}
models:
  - name: held
    config: {contract: {enforced: true}, group: sales, access: private, docs: {show: false, node_color: red}}
    constraints: [{type: check, expression: id > 0, name: positive}, {type: primary_key, columns: [id]}]
    columns: [{name: id, data_type: int, quote: true, constraints: [{type: not_null}]}]
  - name: broken
    config:
      persist_docs: {relation: true, columns: true}
      indexes: [{columns: [id], unique: true}]
      storage: {path: nowhere}
      grants: {select: ada}
      quoting: {identifier: true}
`,
    }
    for (const [file, text] of Object.entries(described)) {
      mkdirSync(dirname(join(project, file)), { recursive: true })
      writeFileSync(join(project, file), text)
    }
    const { status, stderr } = run('build')
    expect(status, stderr).toBe(0)
  })

  afterAll(() => rmSync(project, { recursive: true, force: true }))

  test('describe groups, contracts and what documentation shows', () => {
    const manifest = artifact('manifest.json')
    expect(schemaFaults('manifest-v12', manifest)).toEqual([])
    const { nodes, groups, group_map } = manifest
    expect(groups).toMatchObject({ 'group.shop.sales': { name: 'sales', owner: { name: 'ada' } } })
    expect(group_map).toEqual({ sales: ['model.shop.held'] })
    expect(nodes).toMatchObject({
      'model.shop.held': {
        access: 'private',
        group: 'sales',
        contract: { enforced: true },
        docs: { show: false, node_color: 'red' },
        constraints: [{ type: 'check', name: 'positive' }, { type: 'primary_key' }],
        columns: { id: { data_type: 'int', quote: true, constraints: [{ type: 'not_null' }] } },
      },
    })
  })

  test("the catalog is valid against dbt's schema, and the page tells of every node", () => {
    const { status, stderr } = run('docs', 'generate')
    expect(status, stderr).toBe(0)
    const catalog = artifact('catalog.json')
    expect(schemaFaults('catalog-v1', catalog)).toEqual([])
    expect(catalog).toMatchObject({
      nodes: {
        'model.shop.orders_view': { metadata: { type: 'VIEW', schema: 'main', name: 'orders_view' } },
        'model.shop.held': { columns: { id: { type: 'INTEGER', index: 1 } } },
        'seed.shop.raw_orders': { metadata: { type: 'BASE TABLE' } },
      },
      sources: { 'source.shop.raw.raw_orders': { unique_id: 'source.shop.raw.raw_orders' } },
    })
    const page = readFileSync(join(project, 'target/index.html'), 'utf8')
    for (const text of ['one row an order', 'href="#model.shop.orders_view"', 'unique_orders_id', 'VARCHAR'])
      expect(page).toContain(text)
    // docs: {show: false}
    expect(page).not.toContain('id="model.shop.held"')
    expect(run('docgen').status).toBe(0)
    expect(run('docs').status).toBe(0)
  })

  test('docs serve shows the page and the artifacts, and nothing else, until it is stopped', async () => {
    const serving = spawn(process.execPath, [command, 'docs', 'serve', '--port', '0', '--project', project])
    let said = ''
    serving.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    const started = () => /http:\/\/localhost:(\d+)/.exec(said)?.[1]
    while (started() === undefined && serving.exitCode === null) await once(serving.stderr, 'data')
    const get = (path: string) => fetch(`http://127.0.0.1:${started()}/${path}`)
    expect(await (await get('')).text()).toContain('one row an order')
    expect(await (await get('catalog.json')).json()).toHaveProperty('nodes')
    expect((await get('run_results.json')).status).toBe(404)
    expect((await get('..%2fprofiles.yml')).status).toBe(404)
    serving.kill('SIGINT')
    expect(await once(serving, 'exit')).toEqual([130, null])
  })

  test("the freshness of sources is valid against dbt's schema, whatever it found", () => {
    const limits = (loaded: string, limit: string) =>
      `version: 2\nsources: [{name: raw, tables: [{name: raw_orders, loaded_at_field: ${loaded}, freshness: ${limit}}]}]\n`
    for (const [yaml, status] of [
      [limits('updated_at', '{error_after: {count: 1, period: day}}'), 'error'],
      [limits('updated_at', '{warn_after: {count: 1, period: week}, filter: "id > 0"}'), 'warn'],
      [limits('updated_at', '{warn_after: {count: 9000, period: week}}'), 'pass'],
      [limits('no_such_column', '{warn_after: {count: 1, period: day}}'), 'runtime error'],
    ] as const) {
      writeFileSync(join(project, 'sources.yml'), yaml)
      run('source', 'freshness')
      const sources = artifact('sources.json')
      expect(schemaFaults('sources-v3', sources)).toEqual([])
      expect(sources).toMatchObject({ results: [{ status }] })
    }
  })
})

type Json = Readonly<Record<string, unknown>>
