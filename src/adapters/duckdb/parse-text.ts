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
  if (day === undefined || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return undefined
  const hours = twoDigits(text, 11)
  const minutes = twoDigits(text, 14)
  const seconds = twoDigits(text, 17)
  if (!(hours < 24 && minutes < 60 && seconds < 60)) return undefined
  const rest = microsBehind(text)
  if (rest === undefined) return undefined
  const micros = day * microsPerDay + ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + rest
  return Number.isSafeInteger(micros) ? micros : undefined
}

/** NaN when they are no digits. */
function twoDigits(text: string, start: number): number {
  return digit(text, start) * 10 + digit(text, start + 1)
}

function digit(text: string, index: number): number {
  const value = text.charCodeAt(index) - 48
  return value >= 0 && value <= 9 ? value : Number.NaN
}

/** The fraction of the second, less the offset from UTC. */
function microsBehind(text: string): number | undefined {
  let index = 19
  let micros = 0
  if (text.charCodeAt(index) === 46) {
    index++
    for (let scale = 100_000; scale >= 1 && digit(text, index) >= 0; scale /= 10) micros += digit(text, index++) * scale
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

/** The scaled integer of a plain decimal text; undefined when it has an exponent, too many digits or a finer fraction. */
export function parseDecimal(text: string, width: number, scale: number): bigint | undefined {
  const point = text.indexOf('.')
  const whole = point === -1 ? text : text.slice(0, point)
  const fraction = point === -1 ? '' : text.slice(point + 1)
  const start = whole.startsWith('-') ? 1 : 0
  if (whole.length === start || fraction.length > scale || whole.length - start > width - scale) return undefined
  const digits = whole + fraction.padEnd(scale, '0')
  for (let index = start; index < digits.length; index++) {
    if (Number.isNaN(digit(digits, index))) return undefined
  }
  return digits.length - start <= 15 ? BigInt(Number(digits)) : BigInt(digits)
}
