import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

/** Command lines that cannot be followed. */
export const commandLine: readonly ErrorCase[] = [
  {
    title: 'an unknown command is an error with the nearest one',
    argv: ['rnu'],
    code: 2,
    shown: text`
      error[unknown-command]: unknown command 'rnu'
        hint: did you mean 'run'?
    `,
  },
  {
    title: 'an unknown option is an error with the nearest one',
    argv: ['run', '--ful-refresh'],
    code: 2,
    shown: text`
      error[unknown-option]: fft run has no option '--ful-refresh'
        hint: did you mean '--full-refresh'?
    `,
  },
  {
    title: 'an option without its value is an error',
    argv: ['run', '--select'],
    code: 2,
    shown: text`
      error[option-without-value]: --select needs a value
        hint: see fft run --help
    `,
  },
  {
    title: 'a value that an option does not take is an error',
    argv: ['run', '--jobs', 'many'],
    code: 2,
    shown: text`
      error[bad-option-value]: --jobs cannot be 'many'
        hint: give a whole number from 1 on, or auto
    `,
  },
  {
    title: 'a word of a closed list is an error with the nearest one',
    argv: ['run', '--cache', 'of'],
    code: 2,
    shown: text`
      error[bad-option-value]: --cache cannot be 'of'
        hint: did you mean 'off'?
    `,
  },
  {
    title: 'two words where one project is meant are an error',
    argv: ['run', '.', 'customers'],
    code: 2,
    shown: text`
      error[too-many-arguments]: fft run does not take 'customers'
        hint: to choose models: fft run --select customers
    `,
  },
  {
    title: 'a model in place of the project says how to choose models',
    argv: ['run', 'customers'],
    code: 2,
    shown: text`
      error[no-such-folder]: there is no folder 'customers'
        hint: the first word is the project's folder; to choose models: fft run --select customers
    `,
  },
  {
    title: 'a folder that is not there is an error',
    argv: ['run', '--project', 'shop2'],
    code: 2,
    shown: text`
      error[no-such-folder]: there is no folder 'shop2'
        hint: fft init shop2 makes a new project there
    `,
  },
  {
    title: 'two projects are an error',
    argv: ['run', '.', '--project', 'seeds'],
    code: 2,
    shown: text`
      error[two-projects]: the project is given twice: '.' and --project seeds
        hint: keep one of them
    `,
  },
  {
    title: 'options that exclude each other are an error',
    argv: ['run', '--fail-fast', '--keep-going'],
    code: 2,
    shown: text`
      error[flags-exclude]: --fail-fast and --keep-going exclude each other
        hint: keep one of them
    `,
  },
  {
    title: 'a command that is not built yet is refused by name',
    argv: ['ci', 'cleanup'],
    code: 2,
    shown: text`
      error[not-built-yet]: fft ci cleanup is not built yet
        hint: fft --help lists what works
    `,
  },
  {
    title: 'an FFT_NOW that is no time is an error',
    environment: { FFT_NOW: 'yesterday' },
    code: 2,
    nodes: [],
    shown: text`
      error[bad-now]: FFT_NOW is 'yesterday', which is no ISO 8601 time
        hint: for example 2024-03-01 or 2024-03-01T06:30:00Z; without an offset it is UTC
    `,
  },
  {
    title: 'an FFT_NOW of a day that is not in the calendar is an error',
    environment: { FFT_NOW: '2024-02-30' },
    code: 2,
    shown: text`
      error[bad-now]: FFT_NOW is '2024-02-30', which is no ISO 8601 time
        hint: for example 2024-03-01 or 2024-03-01T06:30:00Z; without an offset it is UTC
    `,
  },
  {
    title: 'variables that cannot be read are an error',
    argv: ['run', '--vars', 'country'],
    code: 2,
    shown: text`
      error[bad-vars]: --vars cannot read 'country': there is no name=value in it
        hint: write --vars name=value (repeat it for more), or a YAML map: --vars '{name: value}'
    `,
  },
  {
    title: 'an unknown engine of --engine is an error',
    argv: ['run', '--engine', 'duck'],
    code: 2,
    shown: text`
      error[engine-unknown]: fft does not speak the engine 'duck'
        hint: engines: duckdb, postgres, databricks
    `,
  },
  {
    title: 'an engine of --engine without a section is an error',
    argv: ['run', '--engine', 'postgres'],
    code: 2,
    shown: text`
      profiles.yml:1:1 error[engine-section-missing]: environment 'dev' has no section for postgres
        hint: it has sections for duckdb
    `,
  },
  {
    title: 'a report of an unknown format is an error',
    argv: ['run', '--report', 'xml=out.xml'],
    code: 2,
    shown: text`
      error[bad-option-value]: --report cannot be 'xml=out.xml'
        hint: write junit=FILE
    `,
  },
  {
    title: 'a missing argument is an error',
    argv: ['init'],
    code: 2,
    shown: text`
      error[missing-argument]: fft init needs DIR
        hint: see fft init --help
    `,
  },
  {
    title: 'an unknown model of state is an error with the nearest one',
    argv: ['state', 'show', 'fct_order'],
    code: 2,
    shown: text`
      error[state-model]: there is no model 'fct_order'
        hint: did you mean 'fct_orders'?
    `,
  },
  {
    title: 'a model without a watermark is no model for state',
    argv: ['state', 'set', 'customers', 'cents=1'],
    code: 2,
    shown: text`
      error[state-model]: 'customers' is not incremental
        hint: incremental models: fct_orders
    `,
  },
  {
    title: 'an assignment of state without a column is an error',
    argv: ['state', 'set', 'fct_orders', '2024-01-01'],
    code: 2,
    shown: text`
      error[bad-assignment]: '2024-01-01' is no COLUMN=VALUE
        hint: for example: fft state set orders updated_at=2024-01-01
    `,
  },
  {
    title: 'a column that the relation does not have is an error',
    argv: ['state', 'set', 'fct_orders', 'updatd_at=2024-01-01'],
    code: 2,
    shown: text`
      error[state-column]: 'updatd_at' is no column of main.fct_orders
        hint: did you mean 'updated_at'?
    `,
  },
  {
    title: 'a value that is not of the column is an error',
    argv: ['state', 'set', 'fct_orders', 'updated_at=soon'],
    code: 2,
    shown: text`
      error[state-value]: 'soon' is no value of updated_at, which is a TIMESTAMP
        hint: nothing was changed
    `,
  },
  {
    title: 'a reset without --yes is refused where nobody can be asked',
    argv: ['state', 'reset', 'fct_orders'],
    code: 2,
    shown: text`
      error[not-confirmed]: the watermarks of fct_orders were not reset
        hint: confirm with --yes
    `,
  },
  {
    title: 'an inline SELECT that fails is an error at its place',
    argv: ['show', '--inline', 'select nix from {{ ref("customers") }}'],
    code: 1,
    shown: text`
      <inline>:1:8 error[column-missing]: Referenced column "nix" not found in FROM clause!
        hint: columns: cents
    `,
  },
]
