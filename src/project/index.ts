import type { LoadedPackages } from './load-project.js'
import type { LoadOptions, Project } from './types.js'

export { type ListedFile, listProjectFiles } from './list-files.js'
export * from './types.js'

/**
 * Reads and checks a project folder. Throws ProjectError with everything that is wrong. What does the work is loaded
 * when it is called: a start from the cache needs none of it.
 */
export async function loadProject(options: LoadOptions): Promise<Project> {
  const stage = await import('./load-project.js')
  return stage.loadProject(options)
}

/** Finds and checks the packages of a project, and gives the text of their lock file. */
export async function loadPackages(dir: string): Promise<LoadedPackages> {
  const stage = await import('./load-project.js')
  return stage.loadPackages(dir)
}
