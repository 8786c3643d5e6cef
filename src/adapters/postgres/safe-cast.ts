import { quoteText } from '../names.js'
import { canonicalType, integerBits, numericParts } from './canonical-type.js'

const leapYears = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)'
const days = `(?:\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))|${leapYears}-02-29)`
const clock = '(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,6})?)?'
const moment = `${days}(?:[ T]${clock}(?: ?(?:Z|[+-]\\d\\d(?::?\\d\\d)?))?)?`
const wholeNumber = '[+-]?\\d{1,40}'
const decimalNumber = '[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)'
const anyNumber = `(?:${decimalNumber}(?:[eE][+-]?\\d{1,2})?|NaN|[+-]?Infinity)`

/**
 * A cast that gives NULL for what the type does not take. Postgres has none of its own before 16, so the text is looked
 * at first; types that are not known here are cast as they are.
 */
export function safeCast(expression: string, type: string): string {
  const canonical = canonicalType(type)
  const given = `cast(${expression} as text)`
  const cast = `cast(${given} as ${type})`
  const bits = integerBits[canonical]
  if (bits !== undefined) {
    const limit = 2n ** BigInt(bits - 1)
    return when(
      given,
      wholeNumber,
      `case when cast(${given} as numeric) between -${limit} and ${limit - 1n} then ${cast} end`,
    )
  }
  const parts = numericParts(canonical)
  if (parts !== undefined) {
    const fits = `abs(round(cast(${given} as numeric), ${parts.scale})) < 1e${parts.precision - parts.scale}`
    return when(given, decimalNumber, `case when ${fits} then ${cast} end`)
  }
  const pattern = patternOf(canonical)
  return pattern === undefined ? `cast(${expression} as ${type})` : when(given, pattern, cast)
}

function patternOf(canonical: string): string | undefined {
  if (/^(?:numeric|real|double precision)$/.test(canonical)) return anyNumber
  if (canonical === 'date' || canonical.startsWith('timestamp')) return moment
  if (canonical.startsWith('time') && canonical.endsWith('without time zone')) return clock
  if (canonical === 'boolean') return '(?:true|false|t|f|yes|no|y|n|on|off|1|0)'
  return canonical === 'uuid' ? '[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}' : undefined
}

function when(given: string, pattern: string, then: string): string {
  return `case when ${given} ~* ${quoteText(`^\\s*${pattern}\\s*$`)} then ${then} end`
}
