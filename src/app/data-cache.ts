import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest } from '../compile/index.js'
import { isEnforced } from '../config/index.js'
import { displaySql, relationName, type UniqueId } from '../core/index.js'
import type { NodeResult } from '../execute/index.js'
import { isModelNode } from '../graph/index.js'
import type { ModelNode, Node, SeedNode } from '../parse/index.js'
import type { NodePlan, WarehouseState } from '../plan/index.js'
import type { LoadedGraph } from './load-graph.js'
import { writeWhole } from './write-whole.js'

/** What was built, from what: a node is unchanged while its text, its configuration and its parents' data are. */
interface DataRecord {
  /** The database's mark when fft closed it: any other writer changes it, and then nothing here is proved. */
  readonly mark: string
  readonly nodes: Readonly<Record<string, NodeRecord>>
}

interface NodeRecord {
  readonly fingerprint: string
  /** Changes whenever the rows may have changed. */
  readonly version: string
  readonly parents: Readonly<Record<string, string>>
}

/**
 * Knows which nodes need not be built again. `incremental.md` §3: only what is proved unchanged is skipped; a source
 * that is loaded from outside never is, nor is SQL that reads files, the clock or chance.
 */
export class DataCache {
  readonly #graph: LoadedGraph
  readonly #manifest: Manifest
  readonly #runId: string
  readonly #before: Readonly<Record<string, NodeRecord>>
  readonly #now = new Map<UniqueId, NodeRecord | undefined>()

  private constructor(graph: LoadedGraph, manifest: Manifest, runId: string, before: DataRecord['nodes']) {
    this.#graph = graph
    this.#manifest = manifest
    this.#runId = runId
    this.#before = before
  }

  /** Undefined when the engine cannot tell whether somebody else wrote to the database. */
  static async open(graph: LoadedGraph, manifest: Manifest, runId: string): Promise<DataCache | undefined> {
    if (graph.adapter.data === undefined) return undefined
    const mark = await graph.adapter.data.mark(graph.profile)
    const record = await readRecord(recordPath(graph))
    const isTrusted = record !== undefined && mark !== undefined && record.mark === mark
    return new DataCache(graph, manifest, runId, isTrusted ? record.nodes : {})
  }

  isUnchanged(id: UniqueId): boolean {
    const before = this.#before[this.#key(id)]
    const now = this.#describe(id)
    return before !== undefined && now !== undefined && sameRecord(before, now)
  }

  /** The plan without what is proved unchanged; seeds are loaded whenever it is asked for. */
  skip(plan: NodePlan, state: WarehouseState): NodePlan {
    const node = this.#graph.dag.nodes.get(plan.id)
    if (!isModelNode(node) || plan.relation === undefined || plan.refusal !== undefined) return plan
    // Time alone makes new windows.
    if (plan.transactions.some(({ batch }) => batch !== undefined)) return plan
    const wanted = node.config.materialized === 'view' ? 'view' : 'table'
    if (state.find(plan.relation)?.kind !== wanted || !this.isUnchanged(plan.id)) return plan
    const reason = 'unchanged: its SQL, its configuration and the rows that it reads are the same'
    return { ...plan, action: 'skip', reason, notices: [], transactions: [] }
  }

  /** Takes note of how a node ended; unchanged rows keep their version. */
  finished(id: UniqueId, result: Pick<NodeResult, 'status' | 'rowsAffected'>): void {
    const isGood = result.status === 'success' || result.status === 'no-op'
    const now = isGood ? this.#describe(id) : undefined
    const before = this.#before[this.#key(id)]
    const keeps = result.status === 'no-op' || (result.rowsAffected === 0 && before?.fingerprint === now?.fingerprint)
    this.#now.set(id, now && { ...now, version: keeps && before !== undefined ? before.version : now.version })
  }

  /** Writes what is known, once the database is closed. */
  async save(): Promise<void> {
    const mark = await this.#graph.adapter.data?.mark(this.#graph.profile)
    if (mark === undefined) return
    const nodes: Record<string, NodeRecord> = { ...this.#before }
    for (const [id, record] of this.#now) {
      if (record === undefined) delete nodes[this.#key(id)]
      else nodes[this.#key(id)] = record
    }
    await writeRecord(recordPath(this.#graph), { mark, nodes })
  }

  #key(id: UniqueId): string {
    const relation = this.#graph.relations.get(id)
    return relation === undefined ? id : relationName(relation)
  }

  /** What the node would be built from now; undefined when that cannot be told. */
  #describe(id: UniqueId): NodeRecord | undefined {
    const node = this.#graph.dag.nodes.get(id)
    if (node?.resourceType === 'seed') return seedRecord(node)
    if (!isModelNode(node) || node.language !== 'sql' || node.usesRunQuery) return undefined
    const fingerprint = this.#fingerprint(node)
    const parentIds = this.#graph.dag.parents.get(id) ?? []
    if (fingerprint === undefined || (parentIds.length === 0 && this.#mayRead(node))) return undefined
    const parents: Record<string, string> = {}
    for (const parent of parentIds) {
      const version = this.#version(parent)
      if (version === undefined) return undefined
      parents[this.#key(parent)] = version
    }
    const version = holdsRows(node) ? this.#runId : hash([fingerprint, JSON.stringify(parents)])
    return { fingerprint, version, parents }
  }

  /** Whether a model that names no parents may read something all the same. */
  #mayRead({ uniqueId }: ModelNode): boolean {
    const { full = [], delta } = this.#manifest.compiled.get(uniqueId) ?? {}
    return /\b(?:from|join|table|using)\b/i.test(displaySql(full) + displaySql(delta?.sql ?? []))
  }

  /** Which rows a parent has now: of this run, or of an earlier one. */
  #version(id: UniqueId): string | undefined {
    const node = this.#graph.dag.nodes.get(id)
    if (this.#now.has(id)) return this.#now.get(id)?.version
    if (node?.resourceType === 'source') {
      const [seed] = this.#graph.dag.parents.get(id) ?? []
      return seed === undefined ? undefined : this.#version(seed)
    }
    // Views and ephemeral models hold no rows: theirs are those of what they read.
    if (!holdsRows(node)) return this.#describe(id)?.version
    return this.#before[this.#key(id)]?.version
  }

  #fingerprint(node: ModelNode): string | undefined {
    const compiled = this.#manifest.compiled.get(node.uniqueId)
    if (compiled?.full === undefined) return node.config.materialized === 'ephemeral' ? node.checksum : undefined
    const sql = [compiled.full, compiled.delta?.sql ?? [], ...compiled.preHooks, ...compiled.postHooks].map(displaySql)
    if (sql.some((text) => this.#graph.adapter.data?.readsMore(text) ?? true)) return undefined
    const isDescribed = node.config.other.persist_docs !== undefined || isEnforced(node.config)
    const described = isDescribed ? [JSON.stringify([node.description, node.columns, node.constraints])] : []
    return hash([...sql, JSON.stringify(node.config), ...described])
  }
}

function holdsRows(node: Node | undefined): boolean {
  const materialized = isModelNode(node) ? node.config.materialized : undefined
  return materialized !== 'view' && materialized !== 'ephemeral'
}

/** A seed's rows are its file's: they are the same while nothing touched it. */
function seedRecord({ file, columnTypes, delimiter }: SeedNode): NodeRecord {
  const version = hash([
    file.path,
    String(file.sizeBytes),
    String(file.modifiedMs),
    JSON.stringify([columnTypes, delimiter]),
  ])
  return { fingerprint: version, version, parents: {} }
}

function sameRecord(a: NodeRecord, b: NodeRecord): boolean {
  const names = Object.keys(b.parents)
  const sameParents =
    names.length === Object.keys(a.parents).length && names.every((name) => a.parents[name] === b.parents[name])
  return a.fingerprint === b.fingerprint && sameParents
}

function hash(parts: readonly string[]): string {
  return createHash('sha1').update(parts.join('\u0000')).digest('hex')
}

function recordPath(graph: LoadedGraph): string {
  const name = hash([graph.profile.env, JSON.stringify(graph.profile.settings)]).slice(0, 12)
  return join(graph.targetDir, 'cache', `data-${name}.json`)
}

async function readRecord(path: string): Promise<DataRecord | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as DataRecord
  } catch {
    return undefined
  }
}

async function writeRecord(path: string, record: DataRecord): Promise<void> {
  await writeWhole(path, JSON.stringify(record))
}
