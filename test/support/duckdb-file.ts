import { DuckDBInstance } from '@duckdb/node-api'

/**
 * Rows of several statements on a database file that no process has open; values as text. Opening replays what a kill
 * left.
 */
export async function queriesOnFile(path: string, statements: readonly string[]) {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  try {
    const results: (readonly (readonly (string | null)[])[])[] = []
    for (const sql of statements) {
      const reader = await connection.runAndReadAll(sql)
      results.push(reader.getRows().map((row) => row.map((cell) => (cell === null ? null : String(cell)))))
    }
    return results
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
