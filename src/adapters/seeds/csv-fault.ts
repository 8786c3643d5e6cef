/** Why a CSV file is malformed, and where: `line` is the physical line, from 1. */
export class CsvFault extends Error {
  readonly line: number
  readonly hint: string

  constructor(line: number, message: string, hint: string) {
    super(message)
    this.line = line
    this.hint = hint
  }
}

/** Throws for a column without a name and for two of the same name. */
export function checkNames(names: readonly string[], line: number): void {
  const seen = new Map<string, string>()
  for (const [index, name] of names.entries()) {
    if (name.trim() === '') {
      const hint = 'give every column a name; a delimiter at the end of the line starts one more column'
      throw new CsvFault(line, `column ${index + 1} has no name in the header`, hint)
    }
    const same = seen.get(name.toLowerCase())
    if (same !== undefined) {
      const also = same === name ? '' : ` (also as '${same}': letter case makes no difference)`
      throw new CsvFault(line, `the header has the column '${name}' twice${also}`, 'give each column a name of its own')
    }
    seen.set(name.toLowerCase(), name)
  }
}

export function raggedRow(fields: number, expected: number, line: number): CsvFault {
  const message = `the row has ${plural(fields, 'value')}, the header names ${plural(expected, 'column')}`
  const hint =
    fields > expected
      ? 'put quotes around a value that holds the delimiter, or remove what is too much'
      : 'add what is missing (an empty value is NULL), or check the delimiter'
  return new CsvFault(line, message, hint)
}

const longestExcerpt = 40

/** `field` is the text from the opening quote to the first character that should not be there. */
export function textBehindQuote(line: number, field: string): CsvFault {
  const shown = field.length > longestExcerpt ? `…${field.slice(-longestExcerpt)}` : field
  return new CsvFault(line, `text follows a closing quote: ${shown}`, 'a quote inside a quoted value is written ""')
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
