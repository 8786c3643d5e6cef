import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fft } from './measure.js'

const folders: string[] = []
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A folder for one measurement; removed when this process ends. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `fft-bench-${name}-`))
  folders.push(folder)
  return folder
}

/** A project on a DuckDB file `bench.duckdb`, with these files. */
export function createProject(name: string, files: Readonly<Record<string, string>>): string {
  const project = temporaryFolder(name)
  const settings = {
    'project.yml': 'name: bench\nversion: "1"\n',
    'profiles.yml': 'dev:\n  engine: duckdb\n  duckdb: {path: bench.duckdb}\n',
  }
  for (const [path, text] of Object.entries({ ...settings, ...files })) {
    const file = join(project, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  return project
}

/**
 * Takes files out of a project, by moving them aside: a thousand files that are deleted before each round make ext4
 * search longer for free inodes, which doubled what the measured command spent in the kernel.
 */
export function remove(project: string, ...paths: readonly string[]): void {
  for (const path of paths) {
    const from = join(project, path)
    if (existsSync(from)) renameSync(from, join(temporaryFolder('removed'), 'x'))
  }
}

/** Models in layers of a hundred: about 1 KB of SQL each, a properties YAML and two tests. */
export function layeredModels(count: number): Readonly<Record<string, string>> {
  const files: Record<string, string> = {}
  for (let index = 0; index < count; index++) {
    const layer = Math.floor(index / 100)
    const base = `models/layer_${layer}/model_${index}`
    files[`${base}.ff.sql`] = modelText(index, layer)
    files[`${base}.yml`] = properties(index)
  }
  return files
}

function modelText(index: number, layer: number): string {
  const parents = layer === 0 ? [] : [index - 100, (layer - 1) * 100 + ((index * 7) % 100)]
  const first = `select ${index} as id, 'a' as name, 1.5 as amount, date '2024-01-01' as day`
  const selects = parents.map(
    (parent) => `select id, name, amount, day from {{ ref('model_${parent}') }} where amount > {{ var('min', 0) }}`,
  )
  return `{{ config(materialized='${index % 3 === 0 ? 'table' : 'view'}', tags=['t${index % 10}', 'layer_${layer}']) }}
-- ${'what this model is for, in words '.repeat(14)}
with base as (
${parents.length === 0 ? first : selects.join('\nunion all\n')}
)
{% set cols = ['id', 'name', 'amount', 'day'] %}
select {% for c in cols %}{{ c }}{% if not loop.last %}, {% endif %}{% endfor %}
from base
{% if target.name == 'prod' %}where day > date '2020-01-01'{% endif %}
`
}

function properties(index: number): string {
  return `version: 2
models:
  - name: model_${index}
    description: The model number ${index}
    columns:
      - name: id
        description: The key
        tests: [unique, not_null]
      - name: name
        description: The name
`
}

/** One node as `fft plan --json` tells it. */
export interface PlannedNode {
  readonly action: string
  readonly statements: readonly { readonly purpose: string; readonly sql: string; readonly only_if?: string }[]
}

/** What `fft run` would do in a project. */
export function planned(
  project: string,
  flags: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): readonly PlannedNode[] {
  const [command = ''] = fft(project).args
  const told = execFileSync(process.execPath, [command, 'plan', '--json', ...flags], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  })
  return (JSON.parse(told) as { nodes: PlannedNode[] }).nodes
}

const nodeApi = pathToFileURL(createRequire(import.meta.url).resolve('@duckdb/node-api')).href

/** A module that opens a DuckDB file and does something on \`connection\`, as one would by hand. */
export function byHand(file: string, body: string): string {
  return `import { DuckDBInstance } from '${nodeApi}'
const instance = await DuckDBInstance.create('${file}')
const connection = await instance.connect()
${body}
connection.closeSync()
instance.closeSync()
`
}
