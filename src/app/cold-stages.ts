// What a start from the cache does not need: rendering. Loaded when a template has to be rendered.
export { compileProject } from '../compile/index.js'
export { compileWithQueries } from './run-query.js'
