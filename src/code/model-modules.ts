import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { Jiti } from 'jiti'
import { makeFolder } from '../adapters/index.js'
import * as api from './api.js'

/** Runs TypeScript files of a project without a build step. */
export interface ModelModules {
  readonly projectDir: string
  /** The same folder without symbolic links; imported files are known by such paths. */
  readonly realDir: string
  /** Loads a file with fresh instances of everything that it imports from the project. */
  load(absolutePath: string): Promise<unknown>
  /** Imports a package as the project's own files would. */
  importPackage(name: string): Promise<unknown>
  /** What runs in place of a file, with an inline source map; undefined when it cannot be made. */
  transformed(absolutePath: string, text: string): string | undefined
}

/** The text in front of the first line of every file that jiti runs; stack columns of line 1 include it. */
export const modulePrefix =
  '(async function (exports, require, module, __filename, __dirname, jitiImport, jitiESMResolve) { '

/**
 * Makes the loader of a project's TypeScript files; jiti is loaded here, so call it only when there is a file to run.
 * `cacheDir` keeps transformed files between invocations; without it every invocation transforms them again.
 */
export async function openModelModules(projectDir: string, cacheDir: string | undefined): Promise<ModelModules> {
  const { createJiti } = await import('jiti')
  const create = (sourceMaps: boolean): Jiti =>
    createJiti(join(projectDir, 'project.ts'), {
      fsCache: sourceMaps ? false : usable(cacheDir),
      // One module cache per loaded file: no model sees another's module state, nor an earlier project's.
      moduleCache: false,
      interopDefault: true,
      tryNative: false,
      sourceMaps,
      jsx: false,
      tsconfigPaths: false,
      alias: {},
      virtualModules: { fastflowtransform: api },
    })
  const jiti = create(false)
  return {
    projectDir,
    realDir: realpathSync(projectDir),
    load: (absolutePath) => jiti.import(absolutePath),
    importPackage: (name) => jiti.import(name),
    transformed: (absolutePath, text) => transformWithMap(create(true), absolutePath, text),
  }
}

/** jiti makes folders with Node's recursive mkdir, which may never return; without a cache it works all the same. */
function usable(cacheDir: string | undefined): string | false {
  if (cacheDir === undefined) return false
  try {
    makeFolder(cacheDir)
    return cacheDir
  } catch {
    return false
  }
}

function transformWithMap(jiti: Jiti, filename: string, source: string): string | undefined {
  try {
    return jiti.transform({ filename, source, ts: /\.[cm]?tsx?$/.test(filename), async: true })
  } catch {
    return undefined
  }
}
