/**
 * A value of a JSON column. Text that is JSON stays as it is (that is how such columns are read), other text becomes a
 * JSON string; undefined for text that begins like an object or list and is none.
 */
export function jsonText(value: unknown): string | undefined {
  if (typeof value !== 'string') return JSON.stringify(value, jsonValue)
  try {
    JSON.parse(value)
    return value
  } catch {
    return /^\s*[[{]/.test(value) ? undefined : JSON.stringify(value)
  }
}

function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : String(value)
  }
  return value instanceof Map ? Object.fromEntries(value) : value
}
