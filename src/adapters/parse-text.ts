const microsPerDay = 86_400_000_000
const longestDays = 100_000
const knownDays = new Map<string, number>()

/** Days since 1970 of `YYYY-MM-DD`; undefined for anything else, which the engine then reads. */
export function parseDate(text: string): number | undefined {
  if (text.length !== 10) return undefined
  const known = knownDays.get(text)
  if (known !== undefined) return known
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined
  const millis = Date.parse(`${text}T00:00:00Z`)
  // The clock of JavaScript lets February have 31 days.
  if (Number.isNaN(millis) || new Date(millis).toISOString().slice(0, 10) !== text) return undefined
  if (knownDays.size > longestDays) knownDays.clear()
  const day = millis / 86_400_000
  knownDays.set(text, day)
  return day
}

/**
 * Microseconds since 1970 of `YYYY-MM-DD HH:MM:SS[.ffffff]`, also with `T`, and with `Z` or an offset from UTC behind it;
 * undefined for anything else, which the engine then reads.
 */
export function parseTimestamp(text: string): number | undefined {
  const separator = text.charCodeAt(10)
  if (separator !== 32 && separator !== 84) return undefined
  const day = parseDate(text.slice(0, 10))
  if (day === undefined || text.charCodeAt(13) !== colon || text.charCodeAt(16) !== colon) return undefined
  const hours = twoDigits(text, 11, 23)
  const minutes = twoDigits(text, 14, 59)
  const seconds = twoDigits(text, 17, 59)
  const rest = text.length === 19 ? 0 : microsBehind(text)
  if (hours < 0 || minutes < 0 || seconds < 0 || rest === undefined) return undefined
  const micros = day * microsPerDay + ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + rest
  return Number.isSafeInteger(micros) ? micros : undefined
}

const colon = 58

/** Less than 0 when they are no digits, or more than the most. */
function twoDigits(text: string, start: number, most: number): number {
  const tens = text.charCodeAt(start) - 48
  const ones = text.charCodeAt(start + 1) - 48
  if (!(tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9)) return -1
  const value = tens * 10 + ones
  return value <= most ? value : -1
}

/** The fraction of the second, less the offset from UTC. */
function microsBehind(text: string): number | undefined {
  let index = 19
  let micros = 0
  if (text.charCodeAt(index) === 46) {
    index++
    for (let scale = 100_000; scale >= 1; scale /= 10) {
      const digit = text.charCodeAt(index) - 48
      if (!(digit >= 0 && digit <= 9)) break
      micros += digit * scale
      index++
    }
    if (index === 20) return undefined
  }
  if (text.length === index) return micros
  const offset = parseOffset(text.slice(index))
  return offset === undefined ? undefined : micros - offset * 60_000_000
}

/** Minutes of `Z`, `+00`, `-05:30`, `+0200`. */
function parseOffset(text: string): number | undefined {
  if (text === 'Z' || text === '+00') return 0
  const match = /^([+-])(\d\d)(?::?(\d\d))?$/.exec(text)
  if (match === null) return undefined
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0)
  return match[1] === '-' ? -minutes : minutes
}

/**
 * The scaled integer of a plain decimal text, a number where that is exact; undefined when it has an exponent, too many
 * digits or a finer fraction.
 */
export function parseDecimal(text: string, width: number, scale: number): bigint | number | undefined {
  const start = text.charCodeAt(0) === 45 ? 1 : 0
  const found = text.indexOf('.')
  const point = found === -1 ? text.length : found
  const whole = point - start
  const fraction = Math.max(0, text.length - point - 1)
  if (whole === 0 || whole > width - scale || fraction > scale) return undefined
  if (whole + scale > 15) return parseLongDecimal(text, found, scale)
  const digits = shortDigits(text, start, point)
  if (digits === undefined) return undefined
  const value = digits * (powers[scale - fraction] ?? 1)
  return start === 1 ? -value : value
}

/** The digits from `start` on as one number, without the point. */
function shortDigits(text: string, start: number, point: number): number | undefined {
  let value = 0
  for (let index = start; index < text.length; index++) {
    if (index === point) continue
    const digit = text.charCodeAt(index) - 48
    if (!(digit >= 0 && digit <= 9)) return undefined
    value = value * 10 + digit
  }
  return value
}

const powers = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent)

function parseLongDecimal(text: string, point: number, scale: number): bigint | undefined {
  const whole = point === -1 ? text : text.slice(0, point)
  const digits = whole + (point === -1 ? '' : text.slice(point + 1)).padEnd(scale, '0')
  return /^-?\d+$/.test(digits) ? BigInt(digits) : undefined
}
