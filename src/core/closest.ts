/**
 * The candidate that a person most probably meant, or undefined when none is near enough: at most a third of the
 * word's length in edits (at least 1, at most 4; a swap of neighbours is one), letter case ignored.
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase()
  let best: string | undefined
  let bestDistance = Math.min(4, Math.max(1, Math.floor(word.length / 3))) + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue
    const distance = editDistance(wanted, candidate.toLowerCase())
    // As many edits as letters: they have nothing in common.
    if (distance < bestDistance && distance < candidate.length) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let beforeLast: readonly number[] = []
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const row = nextRow(a, b, i, { last, beforeLast })
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}

function nextRow(
  a: string,
  b: string,
  i: number,
  { last, beforeLast }: { readonly last: readonly number[]; readonly beforeLast: readonly number[] },
): readonly number[] {
  const row = [i]
  for (let j = 1; j <= b.length; j++) {
    const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
    const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
    const swapped = isSwap ? (beforeLast[j - 2] ?? 0) + 1 : replaced
    row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced, swapped))
  }
  return row
}

/** The tail of a hint: `did you mean 'x'?`, or the known names when there are few. */
export function suggest(word: string, candidates: Iterable<string>, what = 'known'): string | undefined {
  const names = [...candidates]
  const near = closest(word, names)
  if (near !== undefined) return `did you mean '${near}'?`
  if (names.length === 0) return undefined
  const shown = names.slice(0, 12).join(', ')
  return `${what}: ${shown}${names.length > 12 ? `, … (${names.length} in all)` : ''}`
}
