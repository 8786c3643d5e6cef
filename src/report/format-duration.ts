/** A duration for people: `0.04s`, `12.3s`, `2m 05s`, `1h 02m`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000
  if (seconds < 9.995) return `${seconds.toFixed(2)}s`
  if (seconds < 59.95) return `${seconds.toFixed(1)}s`
  const minutes = Math.round(seconds / 60)
  if (seconds < 3599.5) return `${Math.floor(Math.round(seconds) / 60)}m ${two(Math.round(seconds) % 60)}s`
  return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
