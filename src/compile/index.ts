export * from './compile-project.js'
export * from './relations.js'
export * from './render-model.js'
export * from './types.js'
