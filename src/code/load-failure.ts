import { readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import type { Diagnostic } from '../core/index.js'
import * as api from './api.js'
import { diagnostic } from './diagnostics.js'
import type { ModelModules } from './model-modules.js'
import { importSpecifiers } from './project-imports.js'
import { SourceFile } from './source-file.js'
import { placeOfThrown, projectPath } from './stack-place.js'

/** Says why a file could not be loaded, at the place in the project where it went wrong. */
export function describeLoadFailure(error: unknown, file: SourceFile, modules: ModelModules): Diagnostic {
  return (
    syntaxError(error, file, modules) ??
    missingImport(error, file, modules) ??
    unknownExport(error, file) ??
    diagnostic('code-load-threw', { message: messageOfThrown(error) }, placeOfThrown(error, modules) ?? file.span(0, 0))
  )
}

/** The message of whatever was thrown, without the names that the transformation put in. */
export function messageOfThrown(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `${typeof thrown === 'string' ? thrown : safeJson(thrown)} (not an Error)`
  const message = thrown.message.replace(/\(0 , _\w+?\.(\w+)\)/g, '$1').replace(/\b_\w+\.default\b/g, 'default import')
  return thrown.name === 'Error' ? message : `${thrown.name}: ${message}`
}

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}

function syntaxError(error: unknown, file: SourceFile, modules: ModelModules): Diagnostic | undefined {
  const message = error instanceof Error ? error.message : ''
  const match = /^ParseError: ([\s\S]*?)\s*\n\s*(\S.*):(\d+):(\d+)\s*$/.exec(message)
  if (match === null) return undefined
  const [, reason = '', path = '', line, column] = match
  const place = fileAt(path, file, modules).spanAtLine(Number(line), Number(column))
  // Some messages go on with advice on how to set up Babel, and repeat the place.
  const firstLine = reason.split('\n', 1)[0] ?? ''
  return diagnostic('code-syntax', { message: firstLine.replace(/(?: \(\d+:\d+\))?[.:]?\s*$/, '') }, place)
}

function missingImport(error: unknown, file: SourceFile, modules: ModelModules): Diagnostic | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') return undefined
  const message = error instanceof Error ? error.message : ''
  const specifier = /Cannot find (?:module|package) '([^']+)'/.exec(message)?.[1]
  if (specifier === undefined) return undefined
  const importer = /Require stack:\n- (.+)/.exec(message)?.[1] ?? ''
  const source = fileAt(importer, file, modules)
  const found = importSpecifiers(source.tokens).find((each) => each.specifier === specifier)
  if (found === undefined) return undefined
  return diagnostic('code-import-not-found', { specifier }, source.span(found.token.start, found.token.end))
}

/** Calling a name that 'fastflowtransform' does not export is an unclear TypeError; the import says it better. */
function unknownExport(error: unknown, file: SourceFile): Diagnostic | undefined {
  const name = error instanceof TypeError ? /_fastflowtransform\.(\w+)/.exec(error.message)?.[1] : undefined
  if (name === undefined || name in api) return undefined
  const token = file.tokens.find((each) => each.kind === 'name' && each.text === name)
  const place = token === undefined ? file.span(0, 0) : file.span(token.start, token.end)
  return diagnostic('code-unknown-export', { name, known: ['model', 'sql'] }, place)
}

function fileAt(absolutePath: string, file: SourceFile, modules: ModelModules): SourceFile {
  const path = isAbsolute(absolutePath) ? projectPath(absolutePath, modules) : undefined
  if (path === undefined || path === file.path) return file
  return new SourceFile(path, readFileSync(join(modules.projectDir, path), 'utf8'))
}
