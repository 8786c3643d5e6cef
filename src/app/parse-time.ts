const time =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(?:(Z|UTC)|([+-]\d{2})(?::?(\d{2}))?)?)?$/i

/** The time that an engine's text means: a date, or a timestamp with or without an offset (then UTC). */
export function parseTime(value: string): Date | undefined {
  const [, date, clock = '00:00', seconds = '00', fraction = '', , hours, minutes = '00'] =
    time.exec(value.trim()) ?? []
  if (date === undefined) return undefined
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes}`
  const parsed = new Date(`${date}T${clock}:${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}${zone}`)
  return Number.isNaN(parsed.getTime()) ? undefined : parsed
}
