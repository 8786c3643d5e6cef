import type { Manifest } from '../compile/index.js'
import type { Relation } from '../core/index.js'
import { type ArtifactMeta, artifactMetadata } from './artifact-metadata.js'
import { type MacroText, macroUses } from './macro-uses.js'
import { manifestNode, manifestSource } from './manifest-nodes.js'

export interface ManifestMeta extends ArtifactMeta {
  readonly engine: string
  /** A relation's name as the engine quotes it. */
  readonly relationText: (relation: Relation) => string
  /** The project's macros. */
  readonly macros?: readonly MacroText[]
  /** The target folder as a path from the project folder; default `target`. */
  readonly targetPath?: string
}

type Json = Readonly<Record<string, unknown>>

/** `manifest.json`, version 12 of dbt's schema. Pure: the time comes in `meta`. */
export function buildManifest(manifest: Manifest, meta: ManifestMeta) {
  const { dag } = manifest
  const usesOf = macroUses(meta.macros ?? [])
  const macroIds = (code: string) => usesOf(code).map((macro) => macroId(macro, dag.project.projectName))
  const nodes: Record<string, Json> = {}
  const sources: Record<string, Json> = {}
  for (const id of dag.order) {
    const node = dag.nodes.get(id)
    if (node?.resourceType === 'source') sources[id] = manifestSource(node, manifest, meta)
    else if (node !== undefined) nodes[id] = manifestNode(node, manifest, { ...meta, macroIds })
  }
  return {
    metadata: {
      ...artifactMetadata('manifest/v12', meta),
      project_name: dag.project.projectName,
      adapter_type: meta.engine,
    },
    nodes,
    sources,
    macros: Object.fromEntries(
      (meta.macros ?? []).map((macro) => [macroId(macro, dag.project.projectName), macroEntry(macro, manifest)]),
    ),
    docs: {},
    exposures: {},
    metrics: {},
    groups: Object.fromEntries(dag.project.groups.map((group) => [groupId(group.name, dag), groupEntry(group, dag)])),
    selectors: {},
    disabled: {},
    parent_map: Object.fromEntries(dag.order.map((id) => [id, dag.parents.get(id) ?? []])),
    child_map: Object.fromEntries(dag.order.map((id) => [id, dag.children.get(id) ?? []])),
    group_map: groupMap(manifest),
    saved_queries: {},
    semantic_models: {},
    unit_tests: {},
  }
}

type Dag = Manifest['dag']
type Group = Dag['project']['groups'][number]

function groupId(name: string, { project }: Dag): string {
  return `group.${project.projectName}.${name}`
}

function groupEntry(group: Group, dag: Dag): Json {
  return {
    name: group.name,
    resource_type: 'group',
    package_name: dag.project.projectName,
    path: group.span.file,
    original_file_path: group.span.file,
    unique_id: groupId(group.name, dag),
    owner: { email: null, name: null, ...group.owner },
    description: group.description ?? null,
  }
}

/** Nodes of each group that is defined. */
function groupMap({ dag }: Manifest): Readonly<Record<string, readonly string[]>> {
  const inGroup = (name: string) =>
    dag.order.filter((id) => {
      const node = dag.nodes.get(id)
      return node !== undefined && 'config' in node && node.config.group === name
    })
  return Object.fromEntries(dag.project.groups.map(({ name }) => [name, inGroup(name)]))
}

function macroId(macro: MacroText, project: string): string {
  return `macro.${packageOf(macro, project)}.${macro.name}`
}

function packageOf({ path }: MacroText, project: string): string {
  return /^packages\/([^/]+)\//.exec(path)?.[1] ?? project
}

function macroEntry(macro: MacroText, { dag }: Manifest): Json {
  return {
    name: macro.name,
    resource_type: 'macro',
    package_name: packageOf(macro, dag.project.projectName),
    path: macro.path,
    original_file_path: macro.path,
    unique_id: macroId(macro, dag.project.projectName),
    macro_sql: macro.text,
    depends_on: { macros: [] },
  }
}
