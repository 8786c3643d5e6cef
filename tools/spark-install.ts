/** Fetches Spark and Delta for the tests and the demo into a cache outside the checkout. */
import { installSpark } from './spark/install.js'

try {
  installSpark((line) => console.error(line))
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
