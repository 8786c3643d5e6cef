// Its own module, so that a bundler keeps the names of a CommonJS package and loads it only when it is needed.
export { parse as parseYamlText } from 'yaml'
