import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

const head = 'models:\n  - name: customers\n    tests:\n'

/** A properties file with these tests on a model. */
function tests(...entries: readonly string[]): Readonly<Record<string, string>> {
  return { 'models/schema.yml': `${head}${entries.map((entry) => `      - ${entry}\n`).join('')}` }
}

/** What is wrong with tests of gaps and completeness, and with `state gaps` and `state history`. */
export const gaps: readonly ErrorCase[] = [
  {
    title: 'no_gaps takes exactly one of every and step, and a column',
    files: tests(
      'no_gaps: {column: customer}',
      'no_gaps: {every: 1 day}',
      'no_gaps: {column: customer, every: 1 day, step: 1}',
      'no_gaps: {column: cents, step: 1, grace: 1 day}',
    ),
    code: 2,
    shown: text`
      models/schema.yml:4:9 error[test-argument-missing]: data test 'no_gaps' needs every (or step)
        hint: write - no_gaps: {every: 1 day} for times, {step: 1} for numbers
      models/schema.yml:5:9 error[test-needs-column]: data test 'no_gaps' is about a column
        hint: put it under a column, or give \`column\`
      models/schema.yml:6:51 error[test-arguments-exclude]: data test 'no_gaps' takes 'every' or 'step', not both
        hint: keep one of them
      models/schema.yml:7:43 error[test-arguments-exclude]: data test 'no_gaps' takes 'step' or 'grace', not both
        hint: keep one of them
    `,
  },
  {
    title: 'values that no_gaps does not take are errors at their places',
    files: tests(
      'no_gaps: {column: customer, every: 1 fortnight}',
      'no_gaps: {column: cents, step: 0.5}',
      'no_gaps: {column: customer, every: 1 day, grace: soon}',
      'no_gaps: {column: 3, evry: 1 day}',
    ),
    code: 2,
    shown: text`
      models/schema.yml:4:44 error[test-argument-value]: 'every' of data test 'no_gaps' must be so many seconds, minutes, hours, days, weeks, months or years, not '1 fortnight'
        hint: write every: 1 day
      models/schema.yml:5:40 error[test-argument-value]: 'step' of data test 'no_gaps' must be a whole number from 1 on, not 0.5
        hint: write step: 1
      models/schema.yml:6:58 error[test-argument-value]: 'grace' of data test 'no_gaps' must be a duration, not 'soon'
        hint: write grace: 1 day, or 1 day 6 hours
      models/schema.yml:7:30 error[test-argument]: data test 'no_gaps' has no argument 'evry'
        hint: did you mean 'every'?
    `,
  },
  {
    title: 'values that complete_within does not take are errors at their places',
    files: tests(
      'complete_within: {percent: 5}',
      'complete_within: {percent: 5%, expected: fct_orders}',
      'complete_within: {percent: 5, expected: {model: fct_orders}}',
      'complete_within: {percent: 5, expected: {source: orders}}',
    ),
    code: 2,
    shown: text`
      models/schema.yml:4:9 error[test-argument-missing]: data test 'complete_within' needs 'expected'
        hint: write - complete_within: {expected: …}
      models/schema.yml:5:36 error[test-argument-value]: 'percent' of data test 'complete_within' must be a number from 0 on, with at most 6 decimals, not '5%'
        hint: write percent: 5
      models/schema.yml:6:49 error[test-argument-value]: 'expected' of data test 'complete_within' must be a SELECT of one number, ref('…') or {source: …}, not a map
        hint: write expected: select count(*) from …, ref('orders') or {source: raw.orders}
      models/schema.yml:7:49 error[test-argument-value]: 'expected' of data test 'complete_within' must be a SELECT of one number, ref('…') or {source: …}, not a map
        hint: write expected: select count(*) from …, ref('orders') or {source: raw.orders}
    `,
  },
  {
    title: 'complete_within under a column is an error',
    files: {
      'models/schema.yml': text`
        models:
          - name: customers
            columns:
              - name: customer
                tests:
                  - complete_within: {percent: 5, expected: fct_orders}
      `,
    },
    code: 2,
    shown: text`
      models/schema.yml:6:13 error[test-needs-relation]: data test 'complete_within' is about a whole relation
        hint: put it under the tests of the model, seed or source, not under a column
    `,
  },
  {
    title: 'what complete_within expects is linked: an unknown model or source is an error at its name',
    files: tests(
      'complete_within: {percent: 5, expected: fct_order}',
      'complete_within: {percent: 5, expected: "select count(*) from {{ ref(\'stg_order\') }}"}',
      'complete_within: {percent: 5, expected: {source: raw.orders}}',
    ),
    code: 2,
    shown: text`
      models/schema.yml:4:49 error[ref-not-found]: ref('fct_order') names no model, seed or snapshot
        hint: did you mean 'fct_orders'?
      models/schema.yml:5:78 error[ref-not-found]: ref('stg_order') names no model, seed or snapshot
        hint: did you mean 'stg_orders'?
      models/schema.yml:6:49 error[source-not-found]: source('raw', 'orders'): there is no source 'raw'
        hint: declare it in sources.yml
    `,
  },
  {
    title: 'a model whose gaps cannot be told is an error, with those that can',
    argv: ['state', 'gaps', 'customers'],
    code: 2,
    shown: text`
      error[state-model]: 'customers' is not incremental and has no test no_gaps
        hint: incremental models and models with a test no_gaps: fct_orders
    `,
  },
  {
    title: 'an unknown model of state gaps is an error',
    argv: ['state', 'gaps', 'fct_order', '--json'],
    code: 2,
    shown: text`
      error[state-model]: there is no model 'fct_order'
        hint: did you mean 'fct_orders'?
    `,
  },
  {
    title: 'an unknown model of state history is an error with the nearest one',
    argv: ['state', 'history', 'fct_order'],
    code: 2,
    shown: text`
      error[state-model]: there is no model 'fct_order'
        hint: did you mean 'fct_orders'?
    `,
  },
  {
    title: 'a limit of state history that is none is an error',
    argv: ['state', 'history', '--limit', '0'],
    code: 2,
    shown: text`
      error[bad-option-value]: --limit cannot be '0'
        hint: give a whole number from 1 on
    `,
  },
]
