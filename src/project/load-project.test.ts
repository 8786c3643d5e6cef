import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ProjectError } from '../core/index.js'
import { listProjectFiles } from './list-files.js'
import { loadProject } from './load-project.js'
import type { LoadOptions, Project } from './types.js'

const root = mkdtempSync(join(tmpdir(), 'fft-project-'))
let count = 0

afterAll(() => rmSync(root, { recursive: true }))

type Files = Readonly<Record<string, string>>

const basic: Files = {
  'project.yml': 'name: shop\nversion: "1.0"\n',
  'profiles.yml': 'dev:\n  engine: duckdb\n  duckdb: {path: shop.duckdb}\n',
}

function folderOf(files: Files): string {
  const dir = join(root, `p${count++}`)
  mkdirSync(dir)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  return dir
}

function load(files: Files, options: Partial<LoadOptions> = {}): Promise<Project> {
  return loadProject({ projectDir: folderOf(files), vars: {}, environment: {}, ...options })
}

async function faults(files: Files, options: Partial<LoadOptions> = {}): Promise<readonly string[]> {
  try {
    await load(files, options)
    return []
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error
    return error.diagnostics.map(({ code, span, related }) =>
      [
        code,
        ...[span, ...(related ?? []).map((each) => each.span)].flatMap((each) =>
          each === undefined ? [] : [`${each.file}:${each.line}:${each.column}`],
        ),
      ].join(' '),
    )
  }
}

describe('files', () => {
  it('are sorted by what they are', async () => {
    const project = await load({
      ...basic,
      'models/b.ff.sql': 'select 1',
      'models/a/a.ff.sql': 'select 2',
      'models/c.ff.ts': 'export {}',
      'models/macros/m.sql': '{% macro m() %}{% endmacro %}',
      'models/partial.sql': 'x',
      'macros/n.sql.j2': '{% macro n() %}{% endmacro %}',
      'tests/no_orphans.sql': 'select 1',
      'tests/more/x.ff.sql': 'select 1',
      'tests/unit/u.sql': 'select 1',
      'tests/generic/big.sql': '{% test big(model) %}{% endtest %}',
      'seeds/deep/raw.csv': 'id\n1\n',
      'seeds/e.PARQUET': '',
      'seeds/f.jsonl': '{}',
      'seeds/readme.md': '',
      'config/incremental/x.delta.yml': 'sql: select 1',
      'node_modules/x/models/no.ff.sql': '',
      'target/compiled/no.sql': '',
      '.git/no.sql': '',
    })
    const paths = (files: readonly { path: string }[]) => files.map(({ path }) => path)
    expect(paths(project.sqlModels)).toEqual(['models/a/a.ff.sql', 'models/b.ff.sql'])
    expect(paths(project.codeModels)).toEqual(['models/c.ff.ts'])
    expect(paths(project.macros)).toEqual(['macros/n.sql.j2', 'models/macros/m.sql', 'tests/generic/big.sql'])
    expect(paths(project.singularTests)).toEqual(['tests/more/x.ff.sql', 'tests/no_orphans.sql'])
    expect(project.seeds.map(({ path, name, format }) => [path, name, format])).toEqual([
      ['seeds/deep/raw.csv', 'raw', 'csv'],
      ['seeds/e.PARQUET', 'e', 'parquet'],
      ['seeds/f.jsonl', 'f', 'json'],
    ])
    expect(project.seeds[0]).toMatchObject({ sizeBytes: 5 })
    expect([...project.deltaFiles.keys()]).toEqual(['config/incremental/x.delta.yml'])
    expect([...project.templates.keys()]).toContain('models/partial.sql')
    expect([...project.templates.keys()].some((path) => path.includes('no.'))).toBe(false)
  })

  it('lose their byte order mark and have a hash of their text', async () => {
    const project = await load({ ...basic, 'models/a.ff.sql': '\uFEFFselect 1', 'models/b.ff.sql': 'select 1' })
    const [a, b] = project.sqlModels
    expect(a?.text).toBe('select 1')
    expect(a?.hash).toBe(b?.hash)
    expect(a?.hash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('come from models_dir and FFT_SEEDS_DIR', async () => {
    const files = {
      ...basic,
      'project.yml': 'name: a\nversion: 1\nmodels_dir: sql',
      'sql/a.ff.sql': 'x',
      'models/b.ff.sql': 'x',
      'data/x.csv': 'id',
    }
    const project = await load(files, { environment: { FFT_SEEDS_DIR: './data/' } })
    expect(project.sqlModels.map(({ path }) => path)).toEqual(['sql/a.ff.sql'])
    expect(project.seeds.map(({ path }) => path)).toEqual(['data/x.csv'])
    const elsewhere = folderOf({ 'y.csv': 'id' })
    const other = await load(basic, { environment: { FFT_SEEDS_DIR: elsewhere } })
    expect(other.seeds.map(({ path }) => path)).toEqual([`${elsewhere}/y.csv`])
  })

  it('are listed with size and time, for caches', () => {
    const [file, ...more] = listProjectFiles(folderOf({ 'models/a.ff.sql': 'select 1', 'node_modules/x.sql': '' }))
    expect(file).toMatchObject({ path: 'models/a.ff.sql', sizeBytes: 8 })
    expect(file?.mtimeNs).toBeTypeOf('bigint')
    expect(more).toEqual([])
  })
})

describe('properties and sources', () => {
  it('come from YAML beside models, seeds and snapshots, and from sources.yml', async () => {
    const project = await load({
      ...basic,
      'sources.yml': 'version: 2\nsources: [{name: raw, tables: [{name: a}]}]',
      'models/x.yml': 'models: [{name: x}]\nsources: [{name: other, tables: [{name: b}]}]',
      'seeds/s.yml': 'seeds: [{name: s}]',
      'seeds/schema.yml': 'columns: {s: {id: integer}}',
      'snapshots/h.yml': 'snapshots: [{name: h}]',
      'selectors.yml': 'selectors: []',
    })
    expect(project.models.map(({ file, properties }) => [file, properties.name])).toEqual([
      ['models/x.yml', 'x'],
      ['snapshots/h.yml', 'h'],
    ])
    expect(project.seedProperties.map(({ properties }) => properties.name)).toEqual(['s'])
    expect(project.sources.map(({ sourceName, name }) => `${sourceName}.${name}`).toSorted()).toEqual([
      'other.b',
      'raw.a',
    ])
    expect([project.seedSchema?.file, project.selectors?.file]).toEqual(['seeds/schema.yml', 'selectors.yml'])
  })

  it('read seeds/schema.yml as properties where it looks like them', async () => {
    const project = await load({ ...basic, 'seeds/schema.yml': 'version: 2\nseeds: [{name: s}]' })
    expect(project.seedProperties.map(({ properties }) => properties.name)).toEqual(['s'])
    expect(project.seedSchema).toBeUndefined()
  })

  it('must not be said twice', async () => {
    const files = { ...basic, 'models/a.yml': 'models: [{name: x}]', 'models/b.yml': 'models:\n  - name: x.ff' }
    expect(await faults(files)).toEqual(['duplicate-properties models/b.yml:2:11 models/a.yml:1:17'])
    const sources = {
      ...basic,
      'sources.yml': 'sources: [{name: r, tables: [{name: t}]}]',
      'models/a.yml': 'sources: [{name: r, tables: [{name: t}]}]',
    }
    expect(await faults(sources)).toEqual(['duplicate-source-table sources.yml:1:37 models/a.yml:1:37'])
  })
})

describe('the profile', () => {
  const profiles = `dev:
  engine: duckdb
  duckdb: {path: "{{ env('DB', 'default') }}.duckdb", schema: "{{ env('S', '') }}"}
  postgres: {dsn: "{{ env_var('PG_DSN') }}"}
  vars: {day: "{{ env('DAY', 'today') }}", from: profile}
prod:
  engine: duckdb
  duckdb: {path: "{{ project_dir() }}/prod.duckdb"}
broken:
  engine: "{{ nonsense("
  duckdb: {pth: x}
`
  const files = {
    ...basic,
    'profiles.yml': profiles,
    'project.yml': 'name: a\nversion: 1\nvars: {from: project, own: 1}',
  }

  it('is rendered with the .env layers of its environment under the process', async () => {
    const layered = { ...files, '.env': 'DB=base\nDAY=monday', '.env.dev': 'DB=layer', '.env.prod': 'DB=prod' }
    const project = await load(layered)
    expect(project.profile.settings).toEqual({ path: join(project.dir, 'layer.duckdb'), schema: 'main' })
    expect(project.profile.sources[0]?.from).toBe('DB (.env.dev), profiles.yml:3:18')
    expect(project.environment).toEqual({ DB: 'layer', DAY: 'monday' })
    const own = await load(layered, { environment: { DB: 'process' } })
    expect(own.profile.settings.path).toBe(join(own.dir, 'process.duckdb'))
  })

  it('is chosen by --env, else FFT_ACTIVE_ENV, else dev', async () => {
    const env = async (options: Partial<LoadOptions>) => (await load(files, options)).profile.env
    expect(await env({})).toBe('dev')
    expect(await env({ environment: { FFT_ACTIVE_ENV: 'prod' } })).toBe('prod')
    expect(await env({ env: 'dev', environment: { FFT_ACTIVE_ENV: 'prod' } })).toBe('dev')
    const project = await load(files, { env: 'prod' })
    expect(project.profile.settings.path).toBe(join(project.dir, 'prod.duckdb'))
  })

  it('gives vars that stand between project.yml and --vars', async () => {
    const project = await load(files, { vars: { day: 'given' } })
    expect(project.vars).toEqual({ from: 'profile', own: 1, day: 'given' })
  })

  it('may be of another engine of the environment, and only its section counts', async () => {
    expect(await faults(files, { engine: 'postgres' })).toEqual(['env-var-missing profiles.yml:4:31'])
    const project = await load(files, { engine: 'postgres', environment: { PG_DSN: 'postgres://x' } })
    expect(project.profile).toMatchObject({ engine: 'postgres', settings: { dsn: 'postgres://x', schema: 'public' } })
    expect(await faults(files, { engine: 'databricks' })).toEqual(['engine-section-missing profiles.yml:1:1'])
  })

  it('may lie in another folder', async () => {
    const { 'profiles.yml': _, ...rest } = basic
    const project = await load({ ...rest, 'conf/profiles.yml': 'dev: {duckdb: {path: x.db}}' }, { profilesDir: 'conf' })
    expect(project.profile.sources[0]?.from).toBe('conf/profiles.yml:1:22')
    expect(project.profile.settings.path).toBe(join(project.dir, 'x.db'))
  })

  it('is missed with an example', async () => {
    const { 'profiles.yml': _, ...rest } = basic
    const error = await load(rest).catch((thrown: unknown) => thrown)
    if (!(error instanceof ProjectError)) throw error
    expect(error.diagnostics).toMatchObject([
      { code: 'profile-missing', hint: expect.stringContaining('engine: duckdb') },
    ])
    expect(await faults(files, { env: 'prd' })).toEqual(['environment-unknown profiles.yml:1:1'])
  })
})

describe('faults', () => {
  it('name a folder that is missing or is no project', async () => {
    const error = await loadProject({ projectDir: join(root, 'none'), vars: {}, environment: {} }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ diagnostics: [{ code: 'project-folder-missing' }] })
    const empty = await load({}).catch((thrown: unknown) => thrown)
    expect(empty).toMatchObject({
      diagnostics: [{ code: 'project-missing', hint: expect.stringContaining('fft init') }],
    })
  })

  it('name a models folder that is missing', async () => {
    const files = { ...basic, 'project.yml': 'name: a\nversion: 1\nmodels_dir: sql' }
    expect(await faults(files)).toEqual(['models-dir-missing project.yml:3:13'])
  })

  it('of all files are reported together', async () => {
    const files = {
      'project.yml': 'name: a\nversion: 1\nmodelz: {}',
      'profiles.yml': 'dev: {engine: duckdb, duckdb: {pth: x}}',
      'sources.yml': 'source: []',
      'models/a.yml': 'models: [{name: 3}]',
      'models/b.yml': 'models:\n\t- name: x',
      'packages.yml': 'packages: [{name: a, pth: x}]',
      'budgets.yml': 'totals: {}',
      'seeds/schema.yml': 'targetz: {}',
    }
    expect((await faults(files)).toSorted()).toEqual([
      'unknown-key budgets.yml:1:1',
      'unknown-key packages.yml:1:22',
      'unknown-key profiles.yml:1:32',
      'unknown-key project.yml:3:1',
      'unknown-key seeds/schema.yml:1:1',
      'unknown-key sources.yml:1:1',
      'wrong-value models/a.yml:1:17',
      'yaml-syntax models/b.yml:2:1',
    ])
  })

  it('that are warnings stay with the project', async () => {
    const project = await load({ ...basic, 'models/a.yml': 'models: [{name: x, name: x}]', '.env': 'what' })
    expect(project.warnings.map(({ code }) => code)).toEqual(['env-file-line', 'duplicate-key'])
  })
})
