import { type ModelConfig, snapshotStrategy } from '../config/index.js'
import type { Node } from '../parse/index.js'

/** A node's configuration with the names that users write (`unique_key`), flat: for `config.<path>:` and `ls`. */
export function configView(node: Node): Readonly<Record<string, unknown>> {
  switch (node.resourceType) {
    case 'model':
    case 'snapshot':
      return modelView(node.config)
    case 'seed':
      return { ...modelView(node.config), materialized: 'seed', column_types: node.columnTypes }
    case 'source': {
      const { loadedAtField, freshness, external } = node.source
      return defined({
        enabled: true,
        tags: node.tags,
        meta: node.meta,
        loaded_at_field: loadedAtField,
        freshness,
        external,
      })
    }
    case 'test': {
      const shared = {
        materialized: 'test',
        enabled: node.enabled,
        severity: node.severity,
        tags: node.tags,
        meta: node.meta,
      }
      if (node.test.kind === 'singular') return shared
      const { where, limit, storeFailures, warnIf, errorIf } = node.test.config
      return defined({ ...shared, where, limit, store_failures: storeFailures, warn_if: warnIf, error_if: errorIf })
    }
  }
}

/** What a node is built as: a model's materialization, else its resource type. */
export function materializationOf(node: Node): string {
  if (node.resourceType === 'model') return node.config.materialized
  return node.resourceType
}

function modelView(config: ModelConfig): Readonly<Record<string, unknown>> {
  const { incremental, snapshot, other, preHook, postHook, ...plain } = config
  const { history = {}, delta: _, versions: __, ...keys } = incremental ?? {}
  return defined({
    ...other,
    ...history,
    ...snakeKeys(keys),
    ...(snapshot === undefined
      ? { incremental_strategy: incremental?.strategy }
      : { strategy: snapshotStrategy(snapshot) }),
    ...snakeKeys(plain),
    pre_hook: preHook.map((hook) => hook.text),
    post_hook: postHook.map((hook) => hook.text),
  })
}

function snakeKeys(values: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  )
}

function defined(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
