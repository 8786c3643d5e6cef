import { instantText } from '../core/index.js'

/**
 * Writes an instant as a literal of a date or time type, by the engine's own way to write literals; undefined for other
 * types, and for a date when the instant is not midnight.
 */
export function instantLiteral(literal: (value: string, type: string) => string) {
  return (ms: number, type: string): string | undefined => {
    const [day = '', time = ''] = instantText(ms).split(' ')
    const name = type.trim().toLowerCase()
    if (name === 'date') return time === '00:00:00' ? literal(day, type) : undefined
    if (!/^timestamp/.test(name)) return undefined
    // Sessions have UTC as their time zone, but a zone that is written cannot be misread.
    return literal(/tz$|with time zone/.test(name) ? `${day} ${time}+00` : `${day} ${time}`, type)
  }
}
