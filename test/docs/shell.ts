import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A shell whose folder and variables last from one block to the next, with `fft` on its PATH. */
export class Shell {
  readonly #home: string
  readonly #state: string

  /** `start`: `examples/x` (a copy of it, in place), `scaffold` (inside what `fft init` makes) or `empty`. */
  constructor(start: string, variables: Readonly<Record<string, string>> = {}) {
    this.#home = mkdtempSync(join(tmpdir(), 'fft-docs-'))
    this.#state = join(this.#home, '.state')
    const bin = join(this.#home, '.bin')
    mkdirSync(bin)
    writeFileSync(join(bin, 'fft'), `#!/bin/sh\nexec "${process.execPath}" "${root}/dist/fft.cjs" "$@"\n`)
    chmodSync(join(bin, 'fft'), 0o755)
    // Programs on the pages import the package by its name.
    mkdirSync(join(this.#home, 'node_modules'))
    symlinkSync(root, join(this.#home, 'node_modules', 'fastflowtransform'))
    const work = join(this.#home, 'work')
    mkdirSync(work)
    const exported = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'\n`)
    writeFileSync(this.#state, `PATH="${bin}:$PATH"\nexport PATH NO_COLOR=1\n${exported.join('')}cd "${work}"\n`)
    if (start === 'scaffold') this.run('fft init shop && cd shop')
    if (start.startsWith('examples/')) {
      const isSource = (path: string) => !/\.duckdb(\.wal)?$|\/target$/.test(path)
      cpSync(join(root, start), join(work, start), { recursive: true, filter: isSource })
      symlinkSync(join(root, 'node_modules'), join(work, 'node_modules'))
    }
  }

  /** Runs commands; both outputs as one text, paths shown from the current folder. */
  run(commands: string): { readonly code: number | null; readonly output: string } {
    const save = `code=$?; { export -p; echo "cd '$PWD'"; } > "${this.#state}"; exit $code`
    const script = `. "${this.#state}"\ntrap '${save.replaceAll("'", `'\\''`)}' EXIT\nset -e\n${commands}`
    const { FFT_NOW: _, FORCE_COLOR: __, ...env } = process.env
    const { status, stdout } = spawnSync('sh', ['-c', `exec 2>&1\n${script}`], { encoding: 'utf8', env })
    return { code: status, output: stdout.replaceAll(`${this.folder()}/`, '').replaceAll(this.folder(), '.') }
  }

  /** The current folder. */
  folder(): string {
    return /cd ["'](.*)["']\n$/.exec(readFileSync(this.#state, 'utf8'))?.[1] ?? this.#home
  }

  close(): void {
    rmSync(this.#home, { recursive: true, force: true })
  }
}
