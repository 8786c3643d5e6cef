/** Whether JavaScript ran out of stack: a template nested deeper than any that a person writes. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack')
}
