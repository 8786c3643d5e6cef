export { type ListedFile, listProjectFiles } from './list-files.js'
export { loadProject } from './load-project.js'
export * from './types.js'
