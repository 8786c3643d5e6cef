/** `2024-01-31T05:00:00Z`, with milliseconds only where there are some. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}
