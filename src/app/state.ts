import type { Connection, StateRecord, Warehouse } from '../adapters/index.js'
import { FftError, relationName, sameName, suggest } from '../core/index.js'
import type { ModelNode } from '../parse/index.js'
import { markableColumns, type StoredWatermark } from '../plan/index.js'
import { formatTable } from '../report/index.js'
import { writeManifest } from './artifacts.js'
import { incrementalModel, usageFault } from './incremental-model.js'
import { type LoadedGraph, loadGraph } from './load-graph.js'
import type { AppContext, StateOptions } from './options.js'
import { executeTogether, withConnection, withWarehouse } from './warehouse.js'

/** `fft state show|set|reset`: what incremental models have seen. */
export async function stateCommand(options: StateOptions, app: AppContext): Promise<number> {
  const graph = await loadGraph(options, app)
  await writeManifest(graph, undefined, app)
  return withWarehouse(graph, 0, app, (warehouse) =>
    withConnection(warehouse, (connection) => {
      const input: StateInput = { graph, warehouse, connection, app }
      if (options.action === 'show') return show(options.models, options.json, input)
      if (options.action === 'set') return set(options.model, options.values, input)
      return reset(options.models, options.yes, input)
    }),
  )
}

interface StateInput {
  readonly graph: LoadedGraph
  readonly warehouse: Warehouse
  readonly connection: Connection
  readonly app: AppContext
}

async function show(models: readonly string[], asJson: boolean, input: StateInput): Promise<number> {
  const wanted = models.map((name) => relationName(incrementalModel(name, input.graph).relation))
  const rows = (await stored(input)).filter((row) => wanted.length === 0 || wanted.includes(row.relation))
  if (asJson) {
    const list = rows.map(({ model, relation, column, value, runId }) => ({
      model,
      relation,
      column,
      value,
      run_id: runId,
    }))
    input.app.out(`${JSON.stringify(list)}\n`)
    return 0
  }
  if (rows.length === 0) {
    input.app.emit({ type: 'notice', message: 'nothing is recorded yet' })
    return 0
  }
  const cells = rows.map((row) => [row.model, row.relation, row.column, row.value, row.recordedAt])
  input.app.out(formatTable(['model', 'relation', 'column', 'watermark', 'recorded at'], cells, input.app.outStyle))
  return 0
}

async function stored({
  graph,
  warehouse,
  connection,
}: StateInput): Promise<readonly (StoredWatermark & { relation: string })[]> {
  const relations = await warehouse.relations([graph.stateSchema])
  const hasTable = relations.some(({ relation }) => relation.identifier === 'watermarks')
  if (!hasTable) return []
  const { rows } = await connection.query(warehouse.dialect.readWatermarks(graph.stateSchema))
  return rows
    .map(([relation, model, column, value, runId, action, recordedAt]) => ({
      relation: relation ?? '',
      model: model ?? '',
      column: column ?? '',
      value: value ?? null,
      runId: runId ?? '',
      action: action ?? '',
      recordedAt: recordedAt ?? '',
    }))
    .filter((row) => row.action !== 'forget')
}

async function set(
  model: string,
  values: readonly { readonly column: string; readonly value: string }[],
  input: StateInput,
): Promise<number> {
  const { relation, node } = incrementalModel(model, input.graph)
  const present = (await input.warehouse.relations([relation])).find((state) =>
    sameName(state.relation.identifier, relation.identifier),
  )
  for (const { column, value } of values) {
    const columns = present === undefined ? [] : markableColumns(node, present.columns)
    const known = columns.find((each) => sameName(each.name, column))
    if (known === undefined) {
      const names = columns.map((each) => each.name)
      const hint = suggest(column, names, 'columns') ?? `run the model first: fft run --select ${model}`
      throw usageFault('state-column', `'${column}' is no column of ${relationName(relation)}`, hint)
    }
    await checkValue({ column, value, type: known.type }, input)
  }
  const kept = (await stored(input)).filter(
    (row) => row.relation === relationName(relation) && !values.some(({ column }) => sameName(column, row.column)),
  )
  const watermarks = [...kept.map(({ column, value }) => ({ column, value })), ...values].map(({ column, value }) => ({
    column,
    value: { kind: 'text' as const, text: value },
  }))
  await write({ target: relation, model: node.name, action: 'set', watermarks, intervals: [] }, input)
  input.app.emit({
    type: 'notice',
    message: `${node.name}: ${values.map(({ column, value }) => `${column} = ${value}`).join(', ')}`,
  })
  return 0
}

/** The engine reads the value, so a wrong one is refused before anything is written. */
async function checkValue(
  { column, value, type }: { readonly column: string; readonly value: string; readonly type: string },
  { warehouse, connection }: StateInput,
): Promise<void> {
  try {
    await connection.query([{ text: `select ${warehouse.dialect.literal(value, type)}` }])
  } catch (error) {
    if (!(error instanceof FftError) || error.code === 'cancelled') throw error
    throw usageFault('state-value', `'${value}' is no value of ${column}, which is a ${type}`, 'nothing was changed')
  }
}

async function reset(models: readonly string[], yes: boolean, input: StateInput): Promise<number> {
  const targets = models.map((name) => incrementalModel(name, input.graph))
  const names = targets.map(({ node }) => node.name).join(', ')
  const mayAsk = !yes && (await input.app.ask(`Forget the watermarks of ${names}?`))
  if (!yes && !mayAsk) {
    throw usageFault('not-confirmed', `the watermarks of ${names} were not reset`, 'confirm with --yes')
  }
  const rows = await stored(input)
  for (const { relation, node } of targets) {
    const mine = rows.filter((row) => row.relation === relationName(relation))
    const columns = mine.length > 0 ? mine.map((row) => row.column) : watermarkNames(node)
    const watermarks = columns.map((column) => ({ column, value: { kind: 'text' as const, text: null } }))
    await write(
      {
        target: relation,
        model: node.name,
        action: 'reset',
        watermarks,
        intervals: [{ from: '', to: '', status: 'clear' }],
      },
      input,
    )
  }
  input.app.emit({ type: 'notice', message: `reset ${names}: the next run starts from the beginning` })
  return 0
}

function watermarkNames({ config, watermarks }: ModelNode): readonly string[] {
  const { updatedAt, eventTime } = config.incremental ?? {}
  return [
    ...new Set([updatedAt, eventTime, ...watermarks.map(({ column }) => column)].filter((name) => name !== undefined)),
  ]
}

async function write(
  record: Omit<StateRecord, 'runId' | 'recordedAt'>,
  { graph, warehouse, connection, app }: StateInput,
): Promise<void> {
  const full = { ...record, runId: app.invocationId, recordedAt: app.clock().toISOString() }
  const { dialect } = warehouse
  await executeTogether(connection, [
    ...dialect.stateTables(graph.stateSchema, full.intervals.length > 0 ? ['watermarks', 'intervals'] : ['watermarks']),
    ...dialect.recordState(graph.stateSchema, full),
  ])
}
