// How values are printed as text where no engine is asked; doubles as DuckDB prints them.

const microsPerDay = 86_400_000_000
const microsPerMinute = 60_000_000
const longestDays = 100_000

// Neighbouring rows mostly share their day; a small cache makes a timestamp cost a third.
const days = new Map<number, string>()

/** `YYYY-MM-DD` of days since 1970, or infinity; undefined for years outside 1 to 9999. */
export function dateText(day: number): string | undefined {
  const known = days.get(day)
  if (known !== undefined) return known
  if (day === 2147483647) return 'infinity'
  if (day === -2147483647) return '-infinity'
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
  if (Number.isSafeInteger(number)) return nearTimestampText(number)
  const perDay = BigInt(microsPerDay)
  const rest = ((micros % perDay) + perDay) % perDay
  const date = dateText(Number((micros - rest) / perDay))
  return date === undefined ? undefined : date + timeText(Number(rest))
}

/** The same for microseconds that are a safe integer. */
export function nearTimestampText(micros: number): string | undefined {
  const day = Math.floor(micros / microsPerDay)
  const date = dateText(day)
  return date === undefined ? undefined : date + timeText(micros - day * microsPerDay)
}

const twoDigits = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'))
const minutesOfDay = Array.from(
  { length: 1_440 },
  (_, minute) => ` ${two(Math.floor(minute / 60))}:${two(minute % 60)}:`,
)

/** ` HH:MM:SS[.ffffff]` of microseconds since midnight. */
function timeText(micros: number): string {
  const minute = Math.floor(micros / microsPerMinute)
  const rest = micros - minute * microsPerMinute
  const second = Math.floor(rest / 1_000_000)
  const clock = (minutesOfDay[minute] ?? '') + two(second)
  return rest === second * 1_000_000 ? clock : clock + fractionText(rest - second * 1_000_000)
}

function fractionText(micros: number): string {
  let digits = micros + 1_000_000
  while (digits % 10 === 0) digits /= 10
  return `.${String(digits).slice(1)}`
}

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
  const point = digits.length - scale
  return `${negative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`
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
