import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

/** Faults of selections. */
export const selection: readonly ErrorCase[] = [
  {
    title: 'a selector that matches nothing is an error with the nearest name',
    argv: ['run', '--select', 'custmers'],
    code: 2,
    nodes: [],
    shown: text`
      error[selector-no-match]: 'custmers' matches no model, seed, snapshot or test
        hint: did you mean 'customers'?
    `,
  },
  {
    title: 'every selector that matches nothing is named',
    argv: ['run', '--select', 'custmers', 'tag:nightly', 'models/martz'],
    code: 2,
    nodes: [],
    shown: text`
      error[selector-no-match]: 'custmers' matches no model, seed, snapshot or test
        hint: did you mean 'customers'?
      error[selector-no-match]: 'tag:nightly' matches no node
      error[selector-no-match]: 'models/martz' matches no file of a node
        hint: did you mean 'models'?
    `,
  },
  {
    title: 'an --exclude that matches nothing is a warning',
    argv: ['run', '--exclude', 'custmers'],
    code: 0,
    shown: text`
      warning[selector-no-match]: 'custmers' matches no model, seed, snapshot or test
        hint: did you mean 'customers'?
    `,
  },
  {
    title: 'a fault of the grammar shows the selector with a caret',
    argv: ['run', '--select', 'customers,,stg_orders'],
    code: 2,
    shown: text`
      error[selector-syntax]: a condition is missing beside the comma
          customers,,stg_orders
                    ^
        hint: a comma joins two conditions without spaces: tag:nightly,path:models/marts
    `,
  },
  {
    title: 'a depth that is no number shows the selector with a caret',
    argv: ['run', '--select', 'x+customers+y'],
    code: 2,
    shown: text`
      error[selector-syntax]: '+' stands before or after a name, not inside it
          x+customers+y
           ^
        hint: put a space between two names
    `,
  },
  {
    title: 'an unknown selector method is an error with the nearest one',
    argv: ['run', '--select', 'tga:nightly'],
    code: 2,
    shown: text`
      error[selector-unknown-method]: 'tga:nightly': there is no selector method 'tga'
        hint: did you mean 'tag'?
    `,
  },
  {
    title: 'a selector that looks at an earlier run needs its artifacts',
    argv: ['run', '--select', 'state:modified', '--state', 'elsewhere'],
    code: 2,
    shown: text`
      error[selector-history]: 'state:modified': elsewhere/manifest.json does not exist
        hint: --state names a folder with manifest.json
    `,
  },
  {
    title: 'a selection whose parts have nothing in common is an error',
    argv: ['run', '--select', 'customers', '--select', 'stg_orders'],
    code: 2,
    shown: text`
      error[selection-empty]: nothing to do: no node is in all of 'customers' (1), 'stg_orders' (1)
        hint: repeated --select flags are combined with "and"; for "or" write all words after one --select
    `,
  },
  {
    title: 'a selection that --exclude empties is an error',
    argv: ['run', '--select', 'customers', '--exclude', 'customers'],
    code: 2,
    shown: text`
      error[selection-empty]: nothing to do: --exclude takes every selected node away
        hint: narrow --exclude
    `,
  },
  {
    title: '--allow-empty makes an empty selection fine',
    argv: ['run', '--select', 'customers', '--exclude', 'customers', '--allow-empty'],
    code: 0,
    nodes: [],
    shown: '',
  },
  {
    title: '--allow-empty makes a value that matches nothing a warning, and takes the others',
    argv: ['run', '--select', 'tag:nix', 'custmers', '--allow-empty'],
    code: 0,
    nodes: [],
    shown: text`
      warning[selector-no-match]: 'tag:nix' matches no node
      warning[selector-no-match]: 'custmers' matches no model, seed, snapshot or test
        hint: did you mean 'customers'?
    `,
  },
  {
    title: 'a selection of nothing but a seed is empty for run, and says what is there',
    argv: ['run', '--select', 'raw_orders'],
    code: 2,
    shown: text`
      error[selection-empty]: nothing to do: the selection has no model or snapshot, only 1 seed
        hint: fft seed loads seeds, fft run builds models, fft test tests; fft build does all of it
    `,
  },
  {
    title: 'nodes without tests are nothing to do',
    argv: ['test', '--select', 'customers'],
    code: 0,
    nodes: [],
    shown: '',
  },
  {
    title: 'a model of another engine is an error that says so',
    argv: ['run', '--select', 'spark_only'],
    files: { 'models/spark_only.ff.sql': "{{ config(engines=['databricks']) }}\nselect 1 as id\n" },
    code: 2,
    shown: text`
      error[selector-other-engine]: 'spark_only' exists for databricks only
        hint: choose an environment or --engine of databricks
    `,
  },
  {
    title: 'a disabled model is an error that says so',
    argv: ['run', '--select', 'off'],
    files: { 'models/off.ff.sql': '{{ config(enabled=False) }}\nselect 1 as id\n' },
    code: 2,
    shown: text`
      error[selector-disabled]: 'off' is disabled
        hint: set enabled: true to select it
    `,
  },
  {
    title: 'an unknown --selector is an error',
    argv: ['run', '--selector', 'nightly'],
    code: 2,
    shown: text`
      error[selector-unknown]: there is no selector 'nightly' in selectors.yml
        hint: selectors.yml is missing or empty
    `,
  },
  {
    title: 'a selector file with a fault is an error at its place',
    argv: ['run', '--selector', 'nightly'],
    files: {
      'selectors.yml': 'selectors:\n  - name: nightly\n    definition:\n      methd: tag\n      value: nightly\n',
    },
    code: 2,
    shown: text`
      selectors.yml:4:7 error[selectors-file]: a definition in short form has one method: value; the long form has method and value
    `,
  },
  {
    title: 'a selector that a faulty file may have meant to define is not an error of its own',
    argv: ['run', '--selector', 'nightly'],
    files: { 'selectors.yml': 'selectors:\n  - name: nightly\n    defintion: customers\n' },
    code: 2,
    shown: text`
      selectors.yml:3:5 error[selectors-file]: unknown key 'defintion'
        hint: did you mean 'definition'?
      selectors.yml:2:5 error[selectors-file]: selector 'nightly' has no definition
    `,
  },
  {
    title: 'a missing parent relation names parent, child and the command that builds it',
    argv: ['run', '--select', 'child'],
    files: {
      'models/parent.ff.sql': 'select 1 as id\n',
      'models/child.ff.sql': "select *\nfrom {{ ref('parent') }}\n",
    },
    code: 1,
    nodes: ['child error'],
    shown: text`
      models/child.ff.sql:2:13 error[parent-missing]: 'child' reads 'parent', but main.parent does not exist
        hint: build it first: fft run --select parent
    `,
  },
  {
    title: 'a missing source relation names the source',
    argv: ['run', '--select', 'child'],
    files: {
      'sources.yml': 'version: 2\nsources:\n  - name: crm\n    tables:\n      - name: people\n',
      'models/child.ff.sql': "select *\nfrom {{ source('crm', 'people') }}\n",
    },
    code: 1,
    shown: text`
      models/child.ff.sql:2:16 error[parent-missing]: 'child' reads 'crm.people', but main.people does not exist
        hint: load it first, or correct sources.yml
    `,
  },
  {
    title: 'an unknown key of ls is an error with the nearest one',
    argv: ['ls', '--output', 'json', '--output-keys', 'nmae'],
    code: 2,
    shown: text`
      error[unknown-output-key]: --output-keys: there is no key 'nmae'
        hint: did you mean 'name'?
    `,
  },
]
