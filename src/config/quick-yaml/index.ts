export { quickYaml } from './read.js'
export { wholeNumber } from './scalars.js'
