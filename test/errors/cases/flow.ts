import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

const tests = (test: string) => text`
  models:
    - name: customers
      columns:
        - name: customer
          tests:
            - ${test}
`
const branches = {
  'models/a_bad.ff.sql': 'select nix\n',
  'models/b_child.ff.sql': "select * from {{ ref('a_bad') }}\n",
  'models/c_grandchild.ff.sql': "select * from {{ ref('b_child') }}\n",
  'models/d_other.ff.sql': 'select 1 as id\n',
}

/** What a failure does to the rest of a run; failing tests. */
export const flow: readonly ErrorCase[] = [
  {
    title: 'after a failed node independent branches go on, its descendants are skipped',
    files: branches,
    code: 1,
    nodes: [
      'a_bad error',
      'b_child skipped',
      'c_grandchild skipped',
      'customers success',
      'd_other success',
      'fct_orders success',
      'stg_orders success',
    ],
    shown: '?',
  },
  {
    title: '--fail-fast stops after the first failure',
    argv: ['run', '--fail-fast', '--jobs', '1', '--select', 'a_bad+', 'd_other'],
    files: branches,
    code: 1,
    nodes: ['a_bad error', 'b_child skipped', 'c_grandchild skipped', 'd_other skipped'],
    shown: '?',
  },
  {
    title: 'two failed nodes are both told',
    files: { ...branches, 'models/e_bad.ff.sql': 'select\n  nada\n' },
    argv: ['run', '--jobs', '1', '--select', 'a_bad', 'e_bad'],
    code: 1,
    shown: '?',
  },
  {
    title: 'a failing test is exit code 1 and shows the rows at fault',
    argv: ['test'],
    files: { 'models/schema.yml': tests("accepted_values: {values: ['ada']}") },
    code: 1,
    shown: '?',
  },
  {
    title: 'a failing test of severity warn is exit code 0',
    argv: ['test'],
    files: { 'models/schema.yml': tests("accepted_values: {values: ['ada'], config: {severity: warn}}") },
    code: 0,
    shown: '?',
  },
  {
    title: 'a failing singular test is an error at its file',
    argv: ['test'],
    files: { 'tests/no_bob.sql': "select * from {{ ref('customers') }} where customer = 'bob'\n" },
    code: 1,
    shown: '?',
  },
  {
    title: "a data test's where that fails is an error at the where",
    argv: ['test'],
    files: { 'models/schema.yml': tests("not_null: {config: {where: \"custmer <> ''\"}}") },
    code: 1,
    shown: '?',
  },
  {
    title: 'a data test on a column that is not there is an error at the test',
    argv: ['test'],
    files: { 'models/schema.yml': 'models:\n  - name: customers\n    columns:\n      - name: custmer\n        tests: [not_null]\n' },
    code: 1,
    shown: '?',
  },
  {
    title: 'a test never builds: a missing relation fails it and says what to run',
    argv: ['test'],
    files: {
      'models/parent.ff.sql': 'select 1 as id\n',
      'models/schema.yml': 'models:\n  - name: parent\n    columns:\n      - name: id\n        tests: [not_null]\n',
    },
    code: 1,
    shown: '?',
  },
  {
    title: 'a failing test in a build stops the descendants of its model',
    argv: ['build'],
    files: {
      'models/schema.yml': text`
        models:
          - name: stg_orders
            columns:
              - name: customer
                tests:
                  - accepted_values: {values: ['ada']}
      `,
    },
    code: 1,
    nodes: [
      'accepted_values_stg_orders_customer__ada fail',
      'customers skipped',
      'fct_orders skipped',
      'raw_orders success',
      'stg_orders success',
    ],
    shown: '?',
  },
  {
    title: 'a singular test with a fault in its template is an error at its place',
    argv: ['test'],
    files: { 'tests/bad.sql': "select *\nfrom {{ ref('custmers') }}\n" },
    code: 2,
    shown: '?',
  },
]
