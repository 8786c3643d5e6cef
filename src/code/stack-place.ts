import { readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { isAbsolute, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SourceSpan } from '../core/index.js'
import { type ModelModules, modulePrefix } from './model-modules.js'
import { SourceFile } from './source-file.js'

/** The user's place of a thrown value: the innermost stack frame in a file of the project, packages excluded. */
export function placeOfThrown(thrown: unknown, modules: ModelModules): SourceSpan | undefined {
  const stack = typeof thrown === 'object' && thrown !== null && 'stack' in thrown ? thrown.stack : undefined
  if (typeof stack !== 'string') return undefined
  for (const line of stack.split('\n')) {
    const frame = readFrame(line)
    const path = frame === undefined ? undefined : projectPath(frame.file, modules)
    if (frame !== undefined && path !== undefined) return originalPlace({ ...frame, path }, modules)
  }
  return undefined
}

interface Frame {
  readonly file: string
  readonly line: number
  /** 1-based, as V8 prints it. */
  readonly column: number
}

function readFrame(line: string): Frame | undefined {
  const match = /^\s*at (?:.*\()?((?:file:\/\/|\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)\)?$/.exec(line)
  if (match === null) return undefined
  const [, file = '', lineNumber, column] = match
  return {
    file: file.startsWith('file://') ? fileURLToPath(file) : file,
    line: Number(lineNumber),
    column: Number(column),
  }
}

/** A file's path from the project folder with forward slashes; undefined outside it and inside `node_modules`. */
export function projectPath(file: string, { projectDir, realDir }: ModelModules): string | undefined {
  return pathInside(file, projectDir) ?? pathInside(file, realDir)
}

function pathInside(file: string, folder: string): string | undefined {
  const path = relative(folder, file)
  const parts = path.split(sep)
  if (path === '' || isAbsolute(path) || parts[0] === '..' || parts.includes('node_modules')) return undefined
  return parts.join('/')
}

function originalPlace(frame: Frame & { readonly path: string }, modules: ModelModules): SourceSpan {
  const text = readText(frame.file)
  const column = frame.column - 1 - (frame.line === 1 ? modulePrefix.length : 0)
  const mapped = mapBack(frame.line - 1, Math.max(0, column), modules.transformed(frame.file, text))
  const file = new SourceFile(frame.path, text)
  return mapped === undefined ? file.spanAtLine(frame.line, 0) : file.spanAtLine(mapped.line + 1, mapped.column)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** All lines and columns are 0-based here. */
function mapBack(line: number, column: number, transformed: string | undefined) {
  const encoded = /\/\/# sourceMappingURL=data:application\/json;charset=utf-8;base64,(\S+)\s*$/.exec(transformed ?? '')
  if (encoded?.[1] === undefined) return undefined
  const payload = JSON.parse(Buffer.from(encoded[1], 'base64').toString('utf8')) as SourceMapPayload
  const entry = new SourceMap(payload).findEntry(line, column)
  return 'originalLine' in entry ? { line: entry.originalLine, column: entry.originalColumn } : undefined
}
