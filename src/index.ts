export * from './code/api.js'
