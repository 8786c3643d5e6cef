/**
 * Compares what a project's models hold in several environments: `npm run compare -- PROJECT ENV ENV…`. Each was built
 * before, from the same input. Exit code 1 when any rows differ.
 */
import { compareEnvironments } from '../test/examples/compare-environments.js'

const [project = '.', ...names] = process.argv.slice(2)

if (names.length < 2) {
  console.error('usage: npm run compare -- PROJECT ENV ENV…')
  process.exit(2)
}

const compared = await compareEnvironments(project, names, process.env)
for (const { model, first, environment, rows, difference } of compared) {
  const verdict = difference === undefined ? 'equal    ' : 'DIFFERENT'
  console.log(`${verdict}  ${model.padEnd(24)}  ${first} = ${environment}  ${rows} rows`)
  if (difference !== undefined) console.log(`  ${difference}`)
}
process.exitCode = compared.every(({ difference }) => difference === undefined) ? 0 : 1
