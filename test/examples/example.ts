import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance, type Json } from '@duckdb/node-api'

const root = fileURLToPath(new URL('../..', import.meta.url))
const variables: Readonly<Record<string, string>> = {
  NO_COLOR: '1',
  FLIGHTS_DATA: join(root, 'node_modules/vega-datasets/data'),
}

/** What a command left behind. */
export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A copy of an example project in a folder of its own. */
export class Example {
  readonly dir: string
  readonly #database: string

  constructor(name: string) {
    this.dir = mkdtempSync(join(tmpdir(), `fft-${name}-`))
    this.#database = join(this.dir, `${name}.duckdb`)
    const isSource = (path: string) => !/\.duckdb(\.wal)?$|[\\/]target$/.test(path)
    cpSync(join(root, 'examples', name), this.dir, { recursive: true, filter: isSource })
  }

  /** Runs the built command in the project's folder. */
  fft(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Finished {
    const { FFT_ACTIVE_ENV: _, FF_DUCKDB_PATH: __, FORCE_COLOR: ___, ...inherited } = process.env
    const env = { ...inherited, ...variables, ...environment }
    const command = [join(root, 'dist/fft.cjs'), ...args]
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', cwd: this.dir, env })
    return { code: status, stdout, stderr }
  }

  /** Rows as the engine itself reads them, without any code of fft. */
  async rows(sql: string): Promise<readonly (readonly Json[])[]> {
    const instance = await DuckDBInstance.create(this.#database, { access_mode: 'READ_ONLY' })
    const connection = await instance.connect()
    try {
      return (await connection.runAndReadAll(sql)).getRowsJson()
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  }

  close(): void {
    rmSync(this.dir, { recursive: true, force: true })
  }
}

/** Rows affected and what became of them, by relation; nodes that failed or were skipped are missing. */
export function outcomes({ stderr }: Finished): Readonly<Record<string, string>> {
  const lines = stderr.matchAll(/^ *\d+\/\d+ {2}(?:ok|unchanged) {2,}\S+ {2,}.*? {2,}(\S+) {2,}(.+)$/gm)
  return Object.fromEntries(
    [...lines].map(([, relation = '', detail = '']) => [relation.replace(/^\w+\./, ''), detail]),
  )
}
