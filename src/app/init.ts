import { cp, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeFolder } from '../adapters/index.js'
import { engineName } from '../config/index.js'
import { FftError, ProjectError, suggest } from '../core/index.js'
import type { AppContext, InitOptions } from './options.js'
import { reasonOf } from './write-whole.js'

/** `fft init DIR`: a project that runs at once. Never writes over anything. */
export async function initCommand(options: InitOptions, app: AppContext): Promise<number> {
  const { directory } = options
  const present = await readdir(directory).catch(() => [])
  if (present.length > 0) {
    throw wrongInit('init-not-empty', `${directory} is not empty`, 'name a folder that does not exist yet')
  }
  const source = await templateFolder(options.template ?? 'default')
  const profile = await profileOf(source, options.engine)
  makeProjectFolder(directory)
  await cp(source, directory, { recursive: true, filter: (path) => !otherProfile.test(path) })
  if (profile !== undefined) await cp(join(source, profile), join(directory, 'profiles.yml'))
  // npm leaves `.gitignore` out of packages, so the template has it under another name.
  await rename(join(directory, 'gitignore'), join(directory, '.gitignore')).catch(() => {})
  const name = projectName(options.name ?? basename(directory))
  const files = await readdir(directory, { recursive: true, withFileTypes: true })
  for (const file of files.filter((entry) => entry.isFile())) {
    const path = join(file.parentPath, file.name)
    const text = await readFile(path, 'utf8')
    if (text.includes('__project_name__')) await writeFile(path, text.replaceAll('__project_name__', name))
  }
  app.out(`made ${directory}\n\nnext:\n  cd ${directory}\n  fft build\n`)
  return 0
}

const otherProfile = /profiles\.([a-z]+)\.yml$/

/** The template's `profiles.<engine>.yml`; undefined for the engine of its `profiles.yml`. */
async function profileOf(source: string, engine: string | undefined): Promise<string | undefined> {
  if (engine === undefined) return undefined
  const usual = /engine: (\w+)/.exec(await readFile(join(source, 'profiles.yml'), 'utf8'))?.[1] ?? ''
  const others = (await readdir(source)).flatMap((name) => otherProfile.exec(name)?.[1] ?? [])
  const wanted = engineName(engine)
  if (wanted === usual) return undefined
  if (others.includes(wanted)) return `profiles.${wanted}.yml`
  throw wrongInit(
    'engine-unknown',
    `fft does not speak the engine '${engine}'`,
    suggest(engine, [usual, ...others], 'engines'),
  )
}

function makeProjectFolder(directory: string): void {
  try {
    makeFolder(directory)
  } catch (cause) {
    throw new FftError(`the folder '${directory}' cannot be made: ${reasonOf(cause)}`, {
      code: 'file-not-writable',
      hint: 'name a folder in a place that you may write to',
      cause,
    })
  }
}

function wrongInit(code: string, message: string, hint: string | undefined): ProjectError {
  return new ProjectError([{ code, severity: 'error', message, ...(hint === undefined ? {} : { hint }) }])
}

function projectName(wanted: string): string {
  const cleaned = wanted.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^_+|_+$/g, '')
  return /^[A-Za-z]/.test(cleaned) ? cleaned : `project_${cleaned}`
}

/** The folder of a template that ships with the package: beside `dist/`, or beside `src/` in a checkout. */
async function templateFolder(name: string): Promise<string> {
  let folder = dirname(fileURLToPath(import.meta.url))
  for (let depth = 0; depth < 4; depth++) {
    const templates = join(folder, 'templates')
    const names = await readdir(templates).catch(() => undefined)
    if (names?.includes(name)) return join(templates, name)
    if (names !== undefined) {
      throw wrongInit('init-template', `there is no template '${name}'`, suggest(name, names, 'templates'))
    }
    folder = dirname(folder)
  }
  throw new FftError('the templates of fft are missing', {
    code: 'init-template',
    hint: 'install fastflowtransform again',
  })
}
