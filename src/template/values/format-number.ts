/** A float as Python's `repr` prints it: shortest digits, always with a point or an exponent. */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
  if (Object.is(value, -0)) return '-0.0'
  const exponent = value === 0 ? 0 : Number(value.toExponential().split('e')[1])
  if (exponent < -4 || exponent >= 16) return pythonExponent(value.toExponential())
  const text = String(value).includes('e') ? value.toFixed(20).replace(/0+$/, '') : String(value)
  return text.includes('.') ? text : `${text}.0`
}

/** `1e+5` as `1e+05`. */
export function pythonExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2')
}

/** A number with so many decimals, a tie rounded to the even digit, as Python does. */
export function toDecimals(value: number, decimals: number): string {
  const rounded = value.toFixed(decimals)
  // toFixed rounds a tie away from zero; a tie is exact within the digits of a double.
  const exact = Math.abs(value).toFixed(100)
  const digits = exact.slice(exact.indexOf('.') + 1)
  const isTie = decimals < 100 && /^50*$/.test(digits.slice(decimals))
  if (!isTie || Math.abs(value) >= 1e15) return rounded
  const below = exact.slice(0, exact.indexOf('.') + 1 + decimals).replace(/\.$/, '')
  const isEven = Number(below.at(-1)) % 2 === 0
  return isEven ? (value < 0 ? '-' : '') + below : rounded
}
