import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A project in a temporary folder of a test's own. */
export interface ProjectFolder {
  readonly dir: string
  /** Writes files, by their path in the project. */
  write(files: Readonly<Record<string, string>>): Promise<void>
  remove(path: string): Promise<void>
  /** Removes the whole folder. */
  end(): Promise<void>
}

/** Makes a project; `profile` is the only environment's section of `profiles.yml`. */
export async function projectFolder(
  profile: Readonly<Record<string, unknown>>,
  stateSchema = '_fft',
): Promise<ProjectFolder> {
  const folder = folderAt(await realpath(await mkdtemp(join(tmpdir(), 'fft-project-'))))
  await folder.write({
    'project.yml': `name: lab\nversion: '1'\nstate_schema: ${JSON.stringify(stateSchema)}\n`,
    'profiles.yml': `dev: ${JSON.stringify(profile)}\n`,
  })
  return folder
}

/** A project in a folder that is there already. */
export function folderAt(dir: string): ProjectFolder {
  const write = async (files: Readonly<Record<string, string>>) => {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true })
      await writeFile(join(dir, path), content)
    }
  }
  return {
    dir,
    write,
    remove: (path) => rm(join(dir, path), { recursive: true, force: true }),
    end: () => rm(dir, { recursive: true, force: true }),
  }
}
