export { failureOf } from './failure.js'
export { runPlan } from './run-plan.js'
export { NodeRefused } from './run-steps.js'
export * from './types.js'
