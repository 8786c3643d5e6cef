import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

/** What is accepted and does nothing is said aloud, once. */
export const silence: readonly ErrorCase[] = [
  {
    title: 'keys without an effect are named once each, at their first place; what asks for nothing is not',
    files: {
      'models/bad.ff.sql': text`
        {{ config(grants={'select': ['ada']}, contract={'enforced': False}, on_error='continue',
                  storage={'path': 'x'}, persist_docs={'relation': True}) }}
        select 1 as id
      `,
      'models/worse.ff.sql':
        "{{ config(http={'timeout': 1}, persist_docs={'columns': True}, indexes=[{'columns': ['id']}], grants={'select': 'eve'}) }}\nselect 1 as id\n",
      'seeds/seeds.yml': text`
        seeds:
          - name: raw_orders
            config:
              quoting: {identifier: true}
      `,
    },
    argv: ['ls'],
    code: 0,
    shown: text`
      models/worse.ff.sql:1:16 warning[no-effect-yet]: 'http' has no effect yet
        hint: it is checked and kept in manifest.json, but nothing in the warehouse follows from it
      models/bad.ff.sql:1:18 warning[no-effect-here]: 'grants' has no effect on duckdb (here and in 1 more place)
        hint: the engine, or fft on it, has nothing of the kind; the model is built without
      models/bad.ff.sql:2:19 warning[no-effect-here]: 'storage' has no effect on duckdb
        hint: the engine, or fft on it, has nothing of the kind; the model is built without
    `,
  },
  {
    title: 'a hook of project.yml without SQL and without a file of its name',
    files: {
      'project.yml': text`
        name: shop
        version: '1'
        hooks:
          on_run_start:
            - select 1
            - name: grants
          after_model: select 2
      `,
    },
    argv: ['ls'],
    code: 2,
    shown: text`
      project.yml:6:7 error[hook-without-sql]: the hook 'grants' has no sql
        hint: write sql:, or a file hooks/grants.sql
    `,
  },
  {
    title: 'amounts of budgets that are none are errors, and bytes, which nobody measures, a warning',
    files: {
      'budgets.yml': text`
        total: {rows: {warn: 1_000, error: 10s}, bytes_scanned: {warn: 1}}
        models: {customers: {query_duration_ms: {error: soon}}}
        query_limits: {duckdb: {max_bytes: 10}}
      `,
    },
    argv: ['ls', '-s', 'customers'],
    code: 2,
    shown: text`
      budgets.yml:3:1 warning[budget-not-measured]: 'query_limits' has no effect: engines do not tell how many bytes a statement read
        hint: limit rows or query_duration_ms
      budgets.yml:1:36 error[budget-amount]: '10s' is no amount of rows
        hint: write a number, such as 100_000
      budgets.yml:1:42 warning[budget-not-measured]: 'bytes_scanned' has no effect: engines do not tell how many bytes a statement read
        hint: limit rows or query_duration_ms
      budgets.yml:2:49 error[budget-amount]: 'soon' is no amount of query_duration_ms
        hint: write milliseconds, or 250ms, 30s, 1.5m, 2h, 1d
    `,
  },
  {
    title: 'a .sql or .py file in the models folder is no model, which a warning says; a file with macros may be there',
    files: {
      'models/stray.sql': 'select 1 as id\n',
      'models/old.ff.py': 'def model(): pass\n',
      'models/shared.sql': '{% macro one() %}1{% endmacro %}\n',
    },
    argv: ['ls', '-s', 'customers'],
    code: 0,
    shown: text`
      models/old.ff.py:1:1 warning[no-model-file]: models/old.ff.py is no model: models are *.ff.sql and *.ff.ts files
        hint: write it in TypeScript, as models/old.ff.ts
      models/stray.sql:1:1 warning[no-model-file]: models/stray.sql is no model: models are *.ff.sql and *.ff.ts files
        hint: rename it to models/stray.ff.sql, or move it to macros/ if it holds macros
    `,
  },
]
