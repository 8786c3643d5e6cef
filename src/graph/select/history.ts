import type { UniqueId } from '../../core/index.js'

/** Methods that look at an earlier run, or at git: what they match is told from outside the graph. */
export const historyMethods = ['state', 'result', 'source_status', 'changed'] as const
export type HistoryMethod = (typeof historyMethods)[number]

/** The nodes that a value of such a method matches; or why that cannot be told. */
export type HistoryAnswer = { readonly ids: ReadonlySet<UniqueId> } | { readonly fault: string; readonly hint: string }

export type History = (method: HistoryMethod, value: string) => HistoryAnswer

export function isHistoryMethod(method: string): method is HistoryMethod {
  return historyMethods.some((each) => each === method)
}
