// A module of its own, so that a warm start lists files without loading what reads and checks them.
export { type ListedFile, listProjectFiles } from './list-files.js'
