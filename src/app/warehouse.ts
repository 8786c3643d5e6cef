import type { Connection, SchemaName, Statement, StateRecord, TextRow, Warehouse } from '../adapters/index.js'
import type { Manifest } from '../compile/index.js'
import { type Relation, relationName, type UniqueId } from '../core/index.js'
import { isModelNode } from '../graph/index.js'
import {
  columnKey,
  type Maximum,
  repairWatermarks,
  storageOf,
  type WantedMaximum,
  type WarehouseState,
  wantedMaxima,
  warehouseState,
} from '../plan/index.js'
import type { LoadedGraph } from './load-graph.js'
import type { AppContext } from './options.js'

/** Opens the profile's engine; says so when another process has to be waited for. */
export function openWarehouse(graph: LoadedGraph, waitLockMs: number, app: AppContext): Promise<Warehouse> {
  return graph.adapter.open({
    profile: graph.profile,
    waitLockMs,
    onWait: (holder) => app.emit({ type: 'waiting_for_lock', holder, waitMs: waitLockMs }),
  })
}

/** Reads what is there, once: relations in one query, then recorded watermarks, then the maxima they are checked by. */
export async function readState(
  warehouse: Warehouse,
  graph: LoadedGraph,
  manifest: Manifest,
  ids: readonly UniqueId[],
): Promise<WarehouseState> {
  const { dialect } = warehouse
  const applied = incrementalNames(graph, ids)
  const needsColumns = ({ identifier }: Relation) => applied.has(identifier.toLowerCase())
  const relations = await warehouse.relations(schemasOf(graph, ids), needsColumns)
  const empty = warehouseState({ relations, watermarks: [], maxima: new Map() }, dialect)
  if (empty.find({ ...graph.stateSchema, identifier: 'watermarks' }) === undefined && !hasIncremental(graph, ids))
    return empty
  return withConnection(warehouse, async (connection) => {
    const hasTable = empty.find({ ...graph.stateSchema, identifier: 'watermarks' }) !== undefined
    const recorded = hasTable ? (await connection.query(dialect.readWatermarks(graph.stateSchema))).rows : []
    const read = async (watermarks: typeof recorded) => {
      const state = warehouseState({ relations, watermarks, maxima: new Map() }, dialect)
      const wanted = maximaOf(graph, { manifest, ids, state })
      return { wanted, maxima: await readMaxima(connection, warehouse, wanted) }
    }
    const first = await read(recorded)
    const { rows: watermarks, repairs } = repairWatermarks(recorded, await committed(warehouse, graph, ids, first))
    const { maxima } = repairs.length === 0 ? first : await read(watermarks)
    const intervals = await readIntervals(connection, warehouse, graph, empty)
    const repaired = repairs.flatMap(intervalRows)
    const all = { relations, watermarks, maxima, repairs, intervals: [...intervals, ...repaired] }
    return warehouseState(all, dialect)
  })
}

interface ReadMaxima {
  readonly wanted: readonly WantedMaximum[]
  readonly maxima: ReadonlyMap<string, Maximum>
}

/**
 * What the commits of tables say was recorded last, where they say anything. A table that ends where its record does
 * was left by no run that was killed before it could record, so it is not asked, unless windows are recorded too.
 */
async function committed(
  warehouse: Warehouse,
  graph: LoadedGraph,
  ids: readonly UniqueId[],
  { wanted, maxima }: ReadMaxima,
): Promise<readonly StateRecord[]> {
  if (warehouse.committedRecords === undefined) return []
  const windowed = new Set(ids.flatMap((id) => (hasWindows(graph, id) ? (graph.relations.get(id) ?? []) : [])))
  const doubtful = wanted.filter(
    ({ relation, column, stored }) =>
      windowed.has(relation) || maxima.get(columnKey(relation, column.name))?.value !== stored,
  )
  const tables = new Map(doubtful.map(({ relation }) => [relationName(relation), relation]))
  return tables.size === 0 ? [] : warehouse.committedRecords([...tables.values()])
}

function hasWindows(graph: LoadedGraph, id: UniqueId): boolean {
  const node = graph.dag.nodes.get(id)
  return isModelNode(node) && node.config.incremental?.eventTime !== undefined
}

function maximaOf(
  graph: LoadedGraph,
  { manifest, ids, state }: { manifest: Manifest; ids: readonly UniqueId[]; state: WarehouseState },
): readonly WantedMaximum[] {
  return ids.flatMap((id) => {
    const node = graph.dag.nodes.get(id)
    const compiled = manifest.compiled.get(id)
    return isModelNode(node) && compiled !== undefined ? wantedMaxima(node, compiled, state) : []
  })
}

/** Windows that are recorded; asked for where there may be some. */
async function readIntervals(
  connection: Connection,
  { dialect }: Warehouse,
  { stateSchema }: LoadedGraph,
  state: WarehouseState,
): Promise<readonly TextRow[]> {
  if (state.find({ ...stateSchema, identifier: 'intervals' }) === undefined) return []
  return (await connection.query(dialect.readIntervals(stateSchema))).rows
}

function intervalRows({ target, intervals }: StateRecord): readonly TextRow[] {
  return intervals.map(({ from, to, status }) => [relationName(target), from, to, status])
}

async function readMaxima(
  connection: Connection,
  { dialect }: Warehouse,
  wanted: readonly WantedMaximum[],
): Promise<ReadonlyMap<string, Maximum>> {
  if (wanted.length === 0) return new Map()
  const { rows } = await connection.query(dialect.readMaxima(wanted))
  return new Map(
    rows.flatMap(([n, value, ahead]): [string, Maximum][] => {
      const asked = wanted[Number(n)]
      if (asked === undefined) return []
      return [[columnKey(asked.relation, asked.column.name), { value: value ?? null, ahead: ahead === 'true' }]]
    }),
  )
}

/** Only what a delta is applied to is compared column by column. */
function incrementalNames(graph: LoadedGraph, ids: readonly UniqueId[]): ReadonlySet<string> {
  const relations = ids.flatMap((id) => {
    const [node, relation] = [graph.dag.nodes.get(id), graph.relations.get(id)]
    return isModelNode(node) && node.config.incremental !== undefined && relation !== undefined
      ? [storageOf(node, relation)]
      : []
  })
  return new Set(relations.map(({ identifier }) => identifier.toLowerCase()))
}

function hasIncremental(graph: LoadedGraph, ids: readonly UniqueId[]): boolean {
  return ids.some((id) => isIncremental(graph, id))
}

function isIncremental(graph: LoadedGraph, id: UniqueId): boolean {
  const node = graph.dag.nodes.get(id)
  return isModelNode(node) && node.config.incremental !== undefined
}

/** Schemas of the nodes, of their parents, and of the state. */
function schemasOf(graph: LoadedGraph, ids: readonly UniqueId[]): readonly SchemaName[] {
  const relations = ids.flatMap((id) => [id, ...readBy(id, graph)]).flatMap((id) => graph.relations.get(id) ?? [])
  const schemas = [...relations.map(({ identifier: _, ...schema }) => schema), graph.stateSchema]
  return [...new Map(schemas.map((schema) => [relationName({ ...schema, identifier: '' }), schema])).values()]
}

/** Its parents; an ephemeral one is inlined, so what that reads is read. */
function readBy(id: UniqueId, graph: LoadedGraph): readonly UniqueId[] {
  const parents = graph.dag.parents.get(id) ?? []
  return parents.flatMap((parent) => (graph.relations.has(parent) ? [parent] : readBy(parent, graph)))
}

/** Statements that are kept or lost together. */
export async function executeTogether(connection: Connection, statements: readonly Statement[]): Promise<void> {
  await connection.begin()
  try {
    for (const { sql } of statements) await connection.execute(sql)
    await connection.commit()
  } catch (error) {
    await connection.rollback()
    throw error
  }
}

/** A connection for the time of a function. */
export async function withConnection<Result>(
  warehouse: Warehouse,
  use: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await warehouse.connect()
  try {
    return await use(connection)
  } finally {
    await connection.close()
  }
}

/** The warehouse for the time of a function; closed on every way out. */
export async function withWarehouse<Result>(
  graph: LoadedGraph,
  waitLockMs: number,
  app: AppContext,
  use: (warehouse: Warehouse) => Promise<Result>,
): Promise<Result> {
  const warehouse = await openWarehouse(graph, waitLockMs, app)
  try {
    return await use(warehouse)
  } finally {
    await warehouse.close()
  }
}
