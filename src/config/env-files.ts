import { type Diagnostic, LineIndex } from '../core/index.js'
import { diagnostic } from './diagnostics.js'

/** A `.env` file that exists. */
export interface EnvFile {
  readonly file: string
  readonly text: string
}

/** The process environment over the `.env` layers. */
export interface LayeredEnv {
  readonly values: Readonly<Record<string, string>>
  /** Where a variable's value came from: `process`, `.env.dev`. */
  from(name: string): string | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** The `.env` files of an environment, weakest first. */
export function envFileNames(env: string | undefined): readonly string[] {
  return ['.env', '.env.local', ...(env === undefined ? [] : [`.env.${env}`, `.env.${env}.local`])]
}

/** Lays `.env` files, weakest first, under the process environment. Reports 'env-file-line'. */
export function layerEnv(
  files: readonly EnvFile[],
  processEnv: Readonly<Record<string, string | undefined>>,
): LayeredEnv {
  const values: Record<string, string> = {}
  const origins = new Map<string, string>()
  const diagnostics: Diagnostic[] = []
  const set = (name: string, value: string, origin: string) => {
    values[name] = value
    origins.set(name, origin)
  }
  for (const file of files) {
    const parsed = parseEnvFile(file)
    diagnostics.push(...parsed.diagnostics)
    for (const [name, value] of parsed.values) set(name, value, file.file)
  }
  for (const [name, value] of Object.entries(processEnv)) if (value !== undefined) set(name, value, 'process')
  return { values, from: (name) => origins.get(name), diagnostics }
}

interface ParsedEnvFile {
  readonly values: readonly (readonly [name: string, value: string])[]
  readonly diagnostics: readonly Diagnostic[]
}

// One line: nothing, a comment, or `[export] NAME = value`; a quoted value may go over several lines.
const line =
  /[ \t]*(?:#[^\n]*|(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(?:'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|([^'"\s#][^\n]*?)?(?=[ \t]+#|[ \t]*(?:\n|$)))[ \t]*(?:#[^\n]*)?)?(?:\n|$)/y

/** Reads a `.env` file: quotes, `export`, comments, escapes in double quotes. Nothing is expanded. */
export function parseEnvFile({ file, text }: EnvFile): ParsedEnvFile {
  const source = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const values: (readonly [string, string])[] = []
  const diagnostics: Diagnostic[] = []
  const index = new LineIndex(source)
  for (let at = 0; at < source.length; ) {
    line.lastIndex = at
    const match = line.exec(source)
    if (match === null) diagnostics.push(diagnostic('env-file-line', {}, { file, ...index.positionAt(at) }))
    else if (match[1] !== undefined) values.push([match[1], textOf(match)])
    const lineEnd = source.indexOf('\n', at)
    at = match === null ? (lineEnd === -1 ? source.length : lineEnd + 1) : line.lastIndex
  }
  return { values, diagnostics }
}

function textOf([, , single, double, plain]: RegExpExecArray): string {
  if (single !== undefined) return single
  if (double === undefined) return plain?.trimEnd() ?? ''
  return double.replace(/\\([\s\S])/g, (_, escaped: string) => escapes[escaped] ?? escaped)
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
