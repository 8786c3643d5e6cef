import { posix } from 'node:path'
import type { Diagnostic } from '../core/index.js'
import { check } from './check.js'
import { contradictions, place } from './check-layer.js'
import { entriesOf, metaReading } from './config-entries.js'
import { diagnostic } from './diagnostics.js'
import { layerOf } from './layer.js'
import { configKey, entries } from './model-keys.js'
import type { ConfigLayer, YamlFile } from './types.js'
import { fields, filledText, key } from './values.js'
import type { YamlReading } from './yaml-file.js'

/** The delta file that a configuration names, as its strongest layer; empty when none is named or it is faulty. */
export interface FoundDeltaFile {
  readonly layers: readonly ConfigLayer[]
  readonly diagnostics: readonly Diagnostic[]
}

/** A delta file as a layer of configuration; undefined when it has errors. */
export interface DeltaFileReading {
  readonly layer: ConfigLayer | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Schema of a `*.delta.yml` file. */
export const deltaFileSchema = fields({
  sql: key('The SELECT that gives the new and changed rows, rendered as a template.', filledText),
  watermark: key("The column whose stored maximum filters the model's SELECT.", filledText),
  ...entries((each) => each.incremental === true && each !== configKey('delta_config')),
})

/** Delta files by path, read when they are asked for. */
export interface DeltaFiles {
  keys(): Iterable<string>
  get(path: string): YamlReading | undefined
}

/** Finds and reads the file that `delta_config` of the layers names. Reports 'delta-file-missing' and its faults. */
export function findDeltaFile(layers: readonly ConfigLayer[], files: DeltaFiles): FoundDeltaFile {
  const reading = metaReading(layers)
  const deltas = layers
    .flatMap((layer) => entriesOf(layer, reading))
    .filter(({ key: each, value }) => each === 'delta' || (each === 'delta_config' && typeof value === 'string'))
  const named = deltas.findLast((entry) => entry.key === 'delta_config')
  // A stronger file's own delta replaces the file that a weaker one names.
  if (named === undefined || deltas.at(-1)?.layer.origin !== named.layer.origin) return { layers: [], diagnostics: [] }
  const path = posix.normalize(String(named.value).replaceAll('\\', '/'))
  const read = files.get(path)
  if (read === undefined) {
    const params = { path: String(named.value), known: [...files.keys()] }
    return { layers: [], diagnostics: [diagnostic('delta-file-missing', params, place(named))] }
  }
  if (read.yaml === undefined) return { layers: [], diagnostics: read.diagnostics }
  const { layer, diagnostics } = readDeltaFile(read.yaml)
  return { layers: layer === undefined ? [] : [layer], diagnostics: [...read.diagnostics, ...diagnostics] }
}

/**
 * Reads and checks a delta file. Reports 'unknown-key', 'wrong-value', 'contradictory-values', 'delta-needs-one'.
 */
export function readDeltaFile(yaml: YamlFile): DeltaFileReading {
  const { diagnostics } = check(deltaFileSchema, yaml.value ?? {}, yaml)
  if (diagnostics.length > 0) return { layer: undefined, diagnostics }
  const layer = layerOf(yaml, [], 'delta_file')
  const entriesFound = entriesOf(layer, 'none')
  const faults = [
    ...(entriesFound.some((entry) => entry.key === 'delta')
      ? []
      : [diagnostic('delta-needs-one', { what: 'a delta file' }, yaml.placeOf([]))]),
    ...contradictions(entriesFound),
  ]
  return { layer: faults.length === 0 ? layer : undefined, diagnostics: faults }
}
