import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type LoadedCodeModel, loadCodeModels } from '../code/index.js'
import { envFileNames, layerEnv, readYaml, type YamlFile } from '../config/index.js'
import { ProjectError } from '../core/index.js'
import type { GlobalOptions } from './options.js'

/** `selectors.yml`, for a graph from the cache. */
export async function readSelectors(projectDir: string): Promise<YamlFile | undefined> {
  const text = await readText(join(projectDir, 'selectors.yml'))
  return text === undefined ? undefined : readYaml('selectors.yml', text).yaml
}

/** The process environment over the `.env` layers. */
export async function readEnvironment(options: GlobalOptions, env: string): Promise<Readonly<Record<string, string>>> {
  const files = []
  for (const path of envFileNames(env)) {
    const text = await readText(join(options.projectDir, path))
    if (text !== undefined) files.push({ file: path, text })
  }
  return layerEnv(files, options.environment).values
}

/** One `.ff.ts` file, executed. Throws ProjectError. */
export async function readCodeModel(projectDir: string, path: string): Promise<LoadedCodeModel | undefined> {
  const text = await readText(join(projectDir, path))
  if (text === undefined) return undefined
  const { models, diagnostics } = await loadCodeModels([{ path, text }], {
    projectDir,
    cacheDir: join(projectDir, 'target', 'cache', 'code'),
  })
  if (diagnostics.length > 0) throw new ProjectError(diagnostics)
  return models[0]
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return undefined
  }
}
