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
    shown: text`
      models/a_bad.ff.sql:1:8 error[column-missing]: Referenced column "nix" was not found because the FROM clause is missing
    `,
  },
  {
    title: '--fail-fast stops after the first failure',
    argv: ['run', '--fail-fast', '--jobs', '1', '--select', 'a_bad+', 'd_other'],
    files: branches,
    code: 1,
    nodes: ['a_bad error', 'b_child skipped', 'c_grandchild skipped', 'd_other skipped'],
    shown: text`
      models/a_bad.ff.sql:1:8 error[column-missing]: Referenced column "nix" was not found because the FROM clause is missing
    `,
  },
  {
    title: 'two failed nodes are both told',
    files: { ...branches, 'models/e_bad.ff.sql': 'select\n  nada\n' },
    argv: ['run', '--jobs', '1', '--select', 'a_bad', 'e_bad'],
    code: 1,
    shown: text`
      models/a_bad.ff.sql:1:8 error[column-missing]: Referenced column "nix" was not found because the FROM clause is missing
      models/e_bad.ff.sql:2:3 error[column-missing]: Referenced column "nada" was not found because the FROM clause is missing
    `,
  },
  {
    title: 'a failing test is exit code 1 and shows the rows at fault',
    argv: ['test'],
    files: { 'models/schema.yml': tests("accepted_values: {values: ['ada']}") },
    code: 1,
    shown: text`
      models/schema.yml:6:13 error[test-failed]: 1 row fails the test
        | customer | n
        | bob | 1
    `,
  },
  {
    title: 'a failing test of severity warn is exit code 0',
    argv: ['test'],
    files: { 'models/schema.yml': tests("accepted_values: {values: ['ada'], config: {severity: warn}}") },
    code: 0,
    shown: text`
      models/schema.yml:6:13 warning[test-failed]: 1 row fails the test
        | customer | n
        | bob | 1
    `,
  },
  {
    title: 'a failing singular test is an error at its file',
    argv: ['test'],
    files: { 'tests/no_bob.sql': "select * from {{ ref('customers') }} where customer = 'bob'\n" },
    code: 1,
    shown: text`
      tests/no_bob.sql:1:1 error[test-failed]: 1 row fails the test
        | customer | cents
        | bob | 2000
    `,
  },
  {
    title: "a data test's where that fails is an error at the where",
    argv: ['test'],
    files: { 'models/schema.yml': tests('not_null: {config: {where: "custmer <> \'\'"}}') },
    code: 1,
    shown: text`
      models/schema.yml:6:41 error[column-missing]: Referenced column "custmer" not found in FROM clause!
        hint: did you mean 'customer'?
    `,
  },
  {
    title: 'a data test on a column that is not there is an error at the test',
    argv: ['test'],
    files: {
      'models/schema.yml':
        'models:\n  - name: customers\n    columns:\n      - name: custmer\n        tests: [not_null]\n',
    },
    code: 1,
    shown: text`
      models/schema.yml:5:17 error[column-missing]: Referenced column "custmer" not found in FROM clause!
        hint: did you mean 'customer'?
    `,
  },
  {
    title: 'a test never builds: a missing relation fails it and says what to run',
    argv: ['test'],
    files: {
      'models/parent.ff.sql': 'select 1 as id\n',
      'models/schema.yml': 'models:\n  - name: parent\n    columns:\n      - name: id\n        tests: [not_null]\n',
    },
    code: 1,
    shown: text`
      models/schema.yml:5:17 error[parent-missing]: 'not_null_parent_id' reads 'parent', but main.parent does not exist
        hint: build it first: fft run --select parent
    `,
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
    shown: text`
      models/schema.yml:6:13 error[test-failed]: 1 row fails the test
        | customer | n
        | bob | 1
    `,
  },
  {
    title: 'a singular test with a fault in its template is an error at its place',
    argv: ['test'],
    files: { 'tests/bad.sql': "select *\nfrom {{ ref('custmers') }}\n" },
    code: 2,
    shown: text`
      tests/bad.sql:2:13 error[ref-not-found]: ref('custmers') names no model, seed or snapshot
        hint: did you mean 'customers'?
    `,
  },
  {
    title: "wrong arguments of upstream's tests are errors at their places",
    files: {
      'project.yml': text`
        name: shop
        version: '1'
        tests:
          - {type: reconcile_equal, left: {table: customers, exp: count(*)}, right: {table: custmers, expr: count(*)}}
          - {type: row_count_between, table: customers, min_rows: some}
          - {type: reconcile_coverage, source: {table: custmers, key: id}, target: {table: customers, key: id}}
          - {type: greater_equal, table: customers}
      `,
    },
    code: 2,
    shown: text`
      project.yml:4:35 error[test-argument-value]: 'left' of data test 'reconcile_equal' must be {table, expr, where?}, not a map
        hint: write left: {table: …, expr: …}
      project.yml:5:59 error[test-argument-value]: 'min_rows' of data test 'row_count_between' must be a number, not 'some'
      project.yml:7:12 error[test-needs-column]: data test 'greater_equal' is about a column
        hint: put it under a column, or give \`column_name\`
      project.yml:6:12 error[test-table-unknown]: the data test is about 'custmers', which is no model or seed
        hint: did you mean 'customers'?
    `,
  },
]
