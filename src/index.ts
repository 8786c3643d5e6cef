export {
  compile,
  type ListedNode,
  loadProject,
  type ProgramOptions,
  type ProgramResult,
  plan,
  run,
} from './app/api.js'
export * from './code/api.js'
export { FftError, type FftEvent, ProjectError } from './core/index.js'
