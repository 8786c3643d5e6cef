export {
  type CodeFile,
  type Dependency,
  type LoadedCodeModel,
  type LoadedCodeModels,
  loadCodeModels,
} from './load-code-models.js'
export type { ModelFacts } from './model-context.js'
export { type CodeDialect, type CodeModelResult, type RunCodeModelOptions, runCodeModel } from './run-code-model.js'
