/** Python's `str.capitalize`. */
export function capitalize(text: string): string {
  const [first = ''] = text
  return first.toUpperCase() + text.slice(first.length).toLowerCase()
}

/** Python's `str.title`: every run of letters. */
export function titleCase(text: string): string {
  return text.replace(/\p{L}+/gu, capitalize)
}

/** Python's `str.strip` and, for one end, `lstrip` and `rstrip`. */
export function strip(text: string, chars: string | undefined, only?: 'start' | 'end'): string {
  const isStripped = (char: string) => (chars === undefined ? /\s/.test(char) : chars.includes(char))
  const all = [...text]
  let start = 0
  let end = all.length
  if (only !== 'end') while (start < end && isStripped(all[start] ?? '')) start++
  if (only !== 'start') while (end > start && isStripped(all[end - 1] ?? '')) end--
  return all.slice(start, end).join('')
}
