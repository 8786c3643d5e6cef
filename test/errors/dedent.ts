/** A file's text written inside code: the first line break and the common indentation go. */
export function text(parts: TemplateStringsArray, ...values: readonly string[]): string {
  const raw = String.raw({ raw: parts }, ...values)
  const lines = raw
    .replace(/^\n/, '')
    .replace(/\n[ ]*$/, '\n')
    .split('\n')
  const filled = lines.filter((line) => line.trim() !== '')
  const indent = Math.min(...filled.map((line) => /^ */.exec(line)?.[0].length ?? 0))
  return lines.map((line) => line.slice(indent)).join('\n')
}
