import { concat, text } from '../core/index.js'
import type { ContractTypes } from './attach-types.js'

/** The SQL of contracts; `typeName` gives the engine's name of a type that dbt's users write. */
export function contractTypes(
  quote: (identifier: string) => string,
  typeName: (declared: string) => string,
  keeps: ContractTypes['keeps'],
): ContractTypes {
  const cast = (value: string, type: string, name: string) => `cast(${value} as ${typeName(type)}) as ${quote(name)}`
  return {
    declared: (columns) => text(`select ${columns.map(({ name, type }) => cast('null', type, name)).join(', ')}`),
    cast: (select, columns) => {
      const all = columns.map(({ name, type }) => cast(quote(name), type, name)).join(', ')
      return concat(`select ${all} from (\n`, select, '\n) as declared')
    },
    keeps,
  }
}
