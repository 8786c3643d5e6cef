import type { Connection, RelationState, SchemaName, Warehouse } from '../adapters/index.js'
import type { Manifest } from '../compile/index.js'
import { FftError, type Relation, relationName, type UniqueId, wrappable } from '../core/index.js'
import type { NodeResult } from '../execute/index.js'
import type { TestNode } from '../parse/index.js'
import type { LoadedGraph } from './load-graph.js'
import type { AppContext, RunOptions } from './options.js'
import { executeTogether, withConnection } from './warehouse.js'

/** The results as they are once the rows at fault are stored, and where those of each test are. */
export interface StoredFailures {
  readonly results: readonly NodeResult[]
  readonly relations: ReadonlyMap<UniqueId, Relation>
}

interface StoreInput {
  readonly graph: LoadedGraph
  readonly manifest: Manifest
  readonly warehouse: Warehouse
  readonly options: RunOptions
  readonly app: AppContext
}

/**
 * `--store-failures`: the rows that each executed test found, as a table of the test's name. A test's own
 * `store_failures` wins over the option. What cannot be stored makes the test an error.
 */
export async function storeFailures(results: readonly NodeResult[], input: StoreInput): Promise<StoredFailures> {
  const wanted = results.filter((result) => isStored(result, input))
  const relations = new Map<UniqueId, Relation>()
  if (wanted.length === 0 || input.app.signal.aborted) return { results, relations }
  const errors = new Map<UniqueId, FftError>()
  await withConnection(input.warehouse, async (connection) => {
    const schema = auditSchema(input.graph)
    await connection.execute(input.warehouse.dialect.createSchema(schema).sql)
    const present = await input.warehouse.relations([schema])
    for (const [index, { id }] of wanted.entries()) {
      const node = input.graph.dag.nodes.get(id)
      if (node?.resourceType !== 'test') continue
      const relation = { ...schema, identifier: tableName(node) }
      try {
        await store(connection, { id, relation, present: find(present, relation), index }, input)
        relations.set(id, relation)
      } catch (error) {
        if (!(error instanceof FftError)) throw error
        errors.set(id, error)
      }
    }
  })
  tell(wanted, relations, input)
  return { results: results.map((result) => withError(result, errors.get(result.id))), relations }
}

function isStored({ id, status }: NodeResult, { graph, options }: StoreInput): boolean {
  const node = graph.dag.nodes.get(id)
  if (node?.resourceType !== 'test' || !['pass', 'warn', 'fail'].includes(status)) return false
  const own = node.test.kind === 'generic' ? node.test.config.storeFailures : undefined
  return own ?? options.storeFailures
}

/** dbt's name for it. */
function auditSchema({ defaults }: LoadedGraph): SchemaName {
  return { ...defaults, schema: `${defaults.schema}_dbt_test__audit` }
}

function tableName({ name, test }: TestNode): string {
  return test.kind === 'generic' ? test.alias : name
}

function find(present: readonly RelationState[], { identifier }: Relation): RelationState | undefined {
  return present.find((state) => state.relation.identifier.toLowerCase() === identifier.toLowerCase())
}

interface Stored {
  readonly id: UniqueId
  readonly relation: Relation
  readonly present: RelationState | undefined
  readonly index: number
}

async function store(
  connection: Connection,
  { id, relation, present, index }: Stored,
  { manifest, warehouse: { dialect }, app }: StoreInput,
): Promise<void> {
  const select = wrappable(manifest.compiled.get(id)?.full ?? [], dialect)
  const direct = dialect.replaceTable?.(present)?.(relation, select)
  const aside = dialect.asideRelation(relation, `__fft_aside_${app.invocationId.slice(0, 8)}_${index}`)
  const built = [dialect.buildAside(aside, select), ...dialect.publish(aside, relation, present)]
  const clean = dialect.commits.by === 'statement' ? [dialect.drop(aside, 'table')] : []
  await executeTogether(connection, direct ?? [...built, ...clean])
}

function tell(wanted: readonly NodeResult[], relations: ReadonlyMap<UniqueId, Relation>, { graph, app }: StoreInput) {
  for (const { id, failures = 0 } of wanted) {
    const relation = relations.get(id)
    if (failures === 0 || relation === undefined) continue
    const name = graph.dag.nodes.get(id)?.name ?? id
    app.emit({ type: 'notice', message: `the failures of ${name} are in ${relationName(relation)}`, node: id })
  }
}

function withError(result: NodeResult, error: FftError | undefined): NodeResult {
  if (error === undefined) return result
  const { code, message, hint } = error
  const failure = {
    code,
    message: `the failures cannot be stored: ${message}`,
    ...(hint === undefined ? {} : { hint }),
  }
  return { ...result, status: 'error', failure }
}
