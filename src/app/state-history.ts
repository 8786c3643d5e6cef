import type { TextRow, Warehouse } from '../adapters/index.js'
import { parseInstant, relationName } from '../core/index.js'
import { formatTable } from '../report/index.js'
import { writeManifest } from './artifacts.js'
import { incrementalModel } from './incremental-model.js'
import { isoTime } from './iso-time.js'
import { type LoadedGraph, loadGraph } from './load-graph.js'
import type { AppContext, StateHistoryOptions } from './options.js'
import { runCells, runHeader, runJson } from './show-runs.js'
import { withConnection, withWarehouse } from './warehouse.js'

/** `fft state history`: what was recorded of watermarks and windows, newest first. Gives the exit code. */
export async function stateHistoryCommand(options: StateHistoryOptions, app: AppContext): Promise<number> {
  const graph = await loadGraph(options, app)
  await writeManifest(graph, undefined, app)
  const wanted = options.models.map((name) => relationName(incrementalModel(name, graph).relation))
  const isWanted = (relation: string) => wanted.length === 0 || wanted.includes(relation)
  if (options.runs) return showRuns(graph, isWanted, options, app)
  const entries = (await withWarehouse(graph, 0, app, (warehouse) => readEntries(warehouse, graph)))
    .filter(({ relation }) => isWanted(relation))
    .toSorted(newestFirst)
    .slice(0, options.limit)
  if (options.json) app.out(`${JSON.stringify(entries.map(jsonEntry))}\n`)
  else if (entries.length === 0) app.emit({ type: 'notice', message: 'nothing is recorded yet' })
  else app.out(formatTable(['recorded at', 'model', 'action', 'recorded', 'run'], entries.map(cells), app.outStyle))
  return 0
}

/** `--runs`: what runs did to the models. */
async function showRuns(
  graph: LoadedGraph,
  isWanted: (relation: string) => boolean,
  options: StateHistoryOptions,
  app: AppContext,
): Promise<number> {
  const all = await withWarehouse(graph, 0, app, (warehouse) => readRuns(warehouse, graph))
  const rows = all.filter(([, , relation]) => isWanted(relation ?? '')).slice(0, options.limit)
  if (options.json) app.out(`${JSON.stringify(rows.map(runJson))}\n`)
  else if (rows.length === 0) app.emit({ type: 'notice', message: 'no run is written down' })
  else app.out(formatTable(runHeader, runCells(rows), app.outStyle))
  return 0
}

async function readRuns(warehouse: Warehouse, { stateSchema }: LoadedGraph): Promise<readonly TextRow[]> {
  const { runs } = warehouse.dialect
  const present = await warehouse.relations([stateSchema])
  if (runs === undefined || !present.some(({ relation }) => relation.identifier === 'node_runs')) return []
  return withConnection(warehouse, async (connection) => (await connection.query(runs.read(stateSchema))).rows)
}

/** One watermark, or one stretch of windows, as a run or a command recorded it. */
interface Entry {
  readonly relation: string
  readonly version: number
  readonly model: string
  readonly runId: string
  readonly action: string
  readonly recordedAt: string
  readonly recorded:
    | { readonly column: string; readonly value: string | null }
    | { readonly start: number | undefined; readonly end: number | undefined; readonly status: string }
}

async function readEntries(warehouse: Warehouse, { stateSchema }: LoadedGraph): Promise<readonly Entry[]> {
  const present = new Set((await warehouse.relations([stateSchema])).map(({ relation }) => relation.identifier))
  return withConnection(warehouse, async (connection) => {
    const read = async (table: 'watermarks' | 'intervals') =>
      present.has(table) ? (await connection.query(warehouse.dialect.readHistory(stateSchema, table))).rows : []
    const marks = (await read('watermarks')).map((row) => entry(row, { column: row[6] ?? '', value: row[7] ?? null }))
    const windows = (await read('intervals')).map((row) => {
      const [start, end] = [row[6], row[7]].map((cell) => parseInstant(cell ?? ''))
      return entry(row, { start, end, status: row[8] ?? '' })
    })
    return [...marks, ...withoutIdleResets(windows)]
  })
}

/** A reset ends the windows of every model, of those that have none too. */
function withoutIdleResets(windows: readonly Entry[]): readonly Entry[] {
  const isReset = ({ recorded }: Entry) => 'status' in recorded && recorded.status === 'clear'
  const windowed = new Set(windows.filter((each) => !isReset(each)).map(({ relation }) => relation))
  return windows.filter((each) => !isReset(each) || windowed.has(each.relation))
}

function entry([relation, version, model, runId, action, recordedAt]: TextRow, recorded: Entry['recorded']): Entry {
  return {
    relation: relation ?? '',
    version: Number(version),
    model: model ?? '',
    runId: runId ?? '',
    action: action ?? '',
    recordedAt: recordedAt ?? '',
    recorded,
  }
}

/** What one run recorded of a relation stands together, windows in their order. */
function newestFirst(a: Entry, b: Entry): number {
  const byTime = compare(b.recordedAt, a.recordedAt) || compare(a.relation, b.relation)
  const byKind = Number('status' in a.recorded) - Number('status' in b.recorded)
  return byTime || byKind || b.version - a.version || compare(orderOf(a), orderOf(b))
}

function orderOf({ recorded }: Entry): string | number {
  return 'column' in recorded ? recorded.column : (recorded.start ?? Number.NEGATIVE_INFINITY)
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function jsonEntry({ model, relation, runId, action, recordedAt, recorded }: Entry) {
  const about = { model, relation, run_id: runId, action, recorded_at: recordedAt }
  if ('column' in recorded) return { ...about, column: recorded.column, value: recorded.value }
  const [start, end] = [recorded.start, recorded.end].map((ms) => (ms === undefined ? null : isoTime(ms)))
  return { ...about, start, end, status: recorded.status }
}

function cells({ recordedAt, model, action, recorded, runId }: Entry): readonly string[] {
  return [recordedAt.replace(/^([\d-]+)T([\d:]+).*$/, '$1 $2'), model, action, shown(recorded), runId]
}

function shown(recorded: Entry['recorded']): string {
  if ('column' in recorded) return `${recorded.column} = ${recorded.value ?? 'NULL'}`
  const { start, end, status } = recorded
  if (start === undefined || end === undefined) return 'windows forgotten'
  return `windows ${shortTime(start)} … ${shortTime(end)} ${status}`
}

/** Of a whole day the date alone. */
function shortTime(ms: number): string {
  return isoTime(ms).replace('T00:00:00Z', '')
}
