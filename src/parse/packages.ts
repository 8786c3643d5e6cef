import type { ConfigLayer } from '../config/index.js'
import type { Project } from '../project/index.js'

/** The project or the package that a file belongs to. */
export interface Owner {
  readonly name: string
  /** The folder with its models, as paths spell it. */
  readonly modelsDir: string
  /** Undefined for the project itself. */
  readonly root?: string
}

/** Whose file a path is. */
export function ownerOf(path: string, { config, packages }: Project): Owner {
  const found = packages.find(({ root }) => path.startsWith(`${root}/`))
  return found ?? { name: config.name, modelsDir: config.modelsDir }
}

/** Folder defaults of a model, weakest first: the package's own, then the project's, which may name the package. */
export function modelLayersOf(
  owner: Owner,
  { config, packages }: Project,
  folders: readonly string[],
  name: string,
): readonly ConfigLayer[] {
  const found = packages.find(({ root }) => root === owner.root)
  if (found === undefined) return config.modelLayers(folders, name)
  return [...found.config.modelLayers(folders, name), ...config.modelLayers([found.name, ...folders], name)]
}
