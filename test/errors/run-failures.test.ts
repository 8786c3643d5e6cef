import { runFailures } from './cases/index.js'
import { testCases } from './test-cases.js'

testCases(runFailures)
