// How DuckDB prints values as text, for the types that are common enough to be printed without asking the engine.

const microsPerDay = 86_400_000_000
const longestDays = 100_000

// Neighbouring rows mostly share their day; a small cache makes a timestamp cost a third.
const days = new Map<number, string>()

/** `YYYY-MM-DD` of days since 1970, or infinity; undefined for years outside 1 to 9999. */
export function dateText(day: number): string | undefined {
  if (day === 2147483647) return 'infinity'
  if (day === -2147483647) return '-infinity'
  const known = days.get(day)
  if (known !== undefined) return known
  const text = civilText(day)
  if (text === undefined) return undefined
  if (days.size > longestDays) days.clear()
  days.set(day, text)
  return text
}

/**
 * `YYYY-MM-DD HH:MM:SS[.ffffff]` of microseconds since 1970, trailing zeros cut; undefined for years outside 1 to
 * 9999 that are not infinity.
 */
export function timestampText(micros: bigint): string | undefined {
  if (micros === 9223372036854775807n) return 'infinity'
  if (micros === -9223372036854775807n) return '-infinity'
  const number = Number(micros)
  if (!Number.isSafeInteger(number)) return farTimestampText(micros)
  const day = Math.floor(number / microsPerDay)
  const date = dateText(day)
  return date === undefined ? undefined : `${date} ${timeText(number - day * microsPerDay)}`
}

function farTimestampText(micros: bigint): string | undefined {
  const perDay = BigInt(microsPerDay)
  const rest = ((micros % perDay) + perDay) % perDay
  const date = dateText(Number((micros - rest) / perDay))
  return date === undefined ? undefined : `${date} ${timeText(Number(rest))}`
}

/** `HH:MM:SS[.ffffff]` of microseconds since midnight. */
function timeText(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000)
  const minutes = Math.floor(seconds / 60)
  const clock = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`
  const fraction = micros - seconds * 1_000_000
  return fraction === 0 ? clock : `${clock}.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`
}

const twoDigits = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'))

function two(value: number): string {
  return twoDigits[value] ?? String(value)
}

// Howard Hinnant's civil_from_days: the proleptic Gregorian calendar with integers only.
function civilText(day: number): string | undefined {
  const shifted = day + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  if (year < 1 || year > 9_999) return undefined
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(dayOfMonth)}`
}

/** A scaled integer with its decimal point: 5, scale 2 is `0.05`. */
export function decimalText(scaled: bigint | number, scale: number): string {
  const text = String(scaled)
  if (scale === 0) return text
  const negative = text.startsWith('-')
  const digits = (negative ? text.slice(1) : text).padStart(scale + 1, '0')
  return `${negative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** The shortest text that gives the same DOUBLE again. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Object.is(value, -0)) return '-0.0'
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
  }
  return Number.isInteger(value) ? `${value}.0` : String(value)
}
