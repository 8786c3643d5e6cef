import { resolve } from 'node:path'
import type { Column, Warehouse } from '../../src/adapters/index.js'
import { text } from '../../src/core/index.js'
import { compileFolder } from '../support/stage-runner.js'

/** How one model's rows in one environment compare with those in the first one. */
export interface Comparison {
  readonly model: string
  readonly first: string
  readonly environment: string
  /** In the first one. */
  readonly rows: number
  /** Undefined: the rows are equal. */
  readonly difference?: string
}

/** Rows of each model as sorted texts, by the model's name. */
type Contents = ReadonlyMap<string, readonly string[]>

/**
 * Compares what a project's models hold in several environments, each built before from the same input: rows as a
 * multiset, cell by cell, numbers by value and everything else as it is printed.
 */
export async function compareEnvironments(
  projectDir: string,
  names: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly Comparison[]> {
  const [first, ...others] = await Promise.all(
    names.map(async (env) => ({ env, contents: await contentsOf(projectDir, { env, environment }) })),
  )
  if (first === undefined) return []
  return [...first.contents].flatMap(([model, rows]) =>
    others.map(({ env, contents }) => {
      const difference = firstDifference(rows, contents.get(model) ?? [])
      return {
        model,
        first: first.env,
        environment: env,
        rows: rows.length,
        ...(difference === undefined ? {} : { difference }),
      }
    }),
  )
}

/** Reads every model's relation; ephemeral ones have none. */
async function contentsOf(projectDir: string, place: Parameters<typeof compileFolder>[2]): Promise<Contents> {
  const { graph, ids } = await compileFolder(resolve(projectDir), ['model'], place)
  const warehouse = await graph.adapter.open({ profile: graph.profile, waitLockMs: 10_000 })
  const connection = await warehouse.connect()
  const found = new Map<string, readonly string[]>()
  try {
    for (const id of ids) {
      const [node, relation] = [graph.dag.nodes.get(id), graph.relations.get(id)]
      if (node === undefined || relation === undefined) continue
      const sql = text(`select * from ${warehouse.dialect.relation(relation)}`)
      const { columns, rows } = await connection.query(sql)
      found.set(node.name, rows.map((row) => rowText(columns, row, warehouse)).sort())
    }
  } finally {
    await connection.close()
    await warehouse.close()
  }
  return found
}

function rowText(columns: readonly Column[], row: readonly (string | null)[], warehouse: Warehouse): string {
  return JSON.stringify(columns.map(({ name, type }, index) => [name, comparable(row[index] ?? null, type, warehouse)]))
}

/** An engine may print `2.0` where another one prints `2`, and `t` for `true`. */
function comparable(cell: string | null, type: string, { dialect }: Warehouse): string | null {
  if (cell === null) return null
  if (/^bool/i.test(type)) return String(dialect.hostValue(cell, type))
  return /^-?\d+\.\d+$/.test(cell) ? cell.replace(/\.?0+$/, '') : cell
}

function firstDifference(rows: readonly string[], found: readonly string[]): string | undefined {
  const missing = rows.find((row) => !found.includes(row))
  const extra = found.find((row) => !rows.includes(row))
  if (missing === undefined && extra === undefined && rows.length === found.length) return undefined
  return `${rows.length} and ${found.length} rows; only in the first: ${missing}; only in the second: ${extra}`
}
