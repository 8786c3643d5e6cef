import { basename } from 'node:path'
import type { UniqueId } from '../core/index.js'
import type { Node } from '../parse/index.js'
import type { SelectionOptions } from './options.js'

/** The nodes that a selection names one by one, by name or file; others are found by a tag, a folder or their neighbours. */
export function namedNodes({ select }: Pick<SelectionOptions, 'select'>, nodes: Iterable<Node>): ReadonlySet<UniqueId> {
  const words = new Set(
    select
      .flat()
      .flatMap((word) => word.split(/[\s,]+/))
      .map(withoutOperators),
  )
  const isNamed = (node: Node) => namesOf(node).some((name) => words.has(name))
  return new Set([...nodes].filter(isNamed).map(({ uniqueId }) => uniqueId))
}

/** `2+name+1`, `@name`, `fqn:name`. */
function withoutOperators(word: string): string {
  return word
    .replace(/^(?:@|\d*\+)/, '')
    .replace(/\+\d*$/, '')
    .replace(/^(?:fqn|path|file):/, '')
}

function namesOf({ name, path, fqn }: Node): readonly string[] {
  const file = basename(path)
  return [name, `${name}.ff`, fqn.join('.'), path, file, file.replace(/\.(?:sql|ts)$/, '')]
}
