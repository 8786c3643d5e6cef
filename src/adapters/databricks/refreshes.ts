/**
 * The `refresh table` statements of a process. A session remembers which files and columns a table in Parquet has; when
 * another one has written it, the first would fail for files that are gone, or pass over new rows in silence. So what one
 * session refreshes, all of them do before their next statement.
 */
export class Refreshes {
  readonly #statements: string[] = []

  get count(): number {
    return this.#statements.length
  }

  /** Takes note of a statement that has been run, if it is one. */
  note(sql: string): void {
    if (isRefresh(sql)) this.#statements.push(sql)
  }

  /** Those that came after so many, each once. */
  since(count: number): readonly string[] {
    return [...new Set(this.#statements.slice(count))]
  }
}

function isRefresh(sql: string): boolean {
  return /^\s*refresh\s+table\s/i.test(sql)
}
