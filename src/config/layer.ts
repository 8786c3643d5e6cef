import type { ConfigLayer, ValuePath, YamlFile } from './types.js'
import { isMap } from './values.js'

/** The map at a path of a YAML file as a layer of configuration. */
export function layerOf(yaml: YamlFile, path: ValuePath, origin: ConfigLayer['origin']): ConfigLayer {
  const value = valueAt(yaml.value, path)
  return {
    origin,
    values: isMap(value) ? value : {},
    placeOf: (below, which) => yaml.placeOf([...path, ...below], which),
    textAt: (below) => yaml.textAt([...path, ...below]),
  }
}

/** The value at a path of plain data, or undefined. */
export function valueAt(value: unknown, path: ValuePath): unknown {
  return path.reduce<unknown>(
    (found, step) =>
      typeof found === 'object' && found !== null ? (found as Record<string | number, unknown>)[step] : undefined,
    value,
  )
}
