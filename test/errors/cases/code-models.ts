import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

/** Faults of `.ff.ts` models. */
export const codeModels: readonly ErrorCase[] = [
  {
    title: 'a syntax error in a .ff.ts file is an error at its place',
    files: {
      'models/bad.ff.ts': text`
        import { model } from 'fastflowtransform'
        export default model({}, async () => {
          return [{ id: 1 ]
        })
      `,
    },
    code: 2,
    shown: text`
      models/bad.ff.ts:3:19 error[code-syntax]: syntax error: Unexpected token, expected ","
    `,
  },
  {
    title: 'a throw while a .ff.ts file is loaded is an error at the throw',
    files: {
      'models/bad.ff.ts': text`
        import { model } from 'fastflowtransform'
        const region: string = lookUp()
        function lookUp(): string {
          throw new Error('no region')
        }
        export default model({}, async () => [{ region }])
      `,
    },
    code: 2,
    shown: text`
      models/bad.ff.ts:4:9 error[code-load-threw]: the file threw while it was loaded: no region
        hint: work that needs data or a network belongs into the function given to model()
    `,
  },
  {
    title: 'a throw while a .ff.ts model runs fails the node at the innermost frame in the project',
    files: {
      'models/lib/check.ts': text`
        export function check(id: number): number {
          if (id > 2) {
            throw new RangeError('order ' + id + ' is too new')
          }
          return id
        }
      `,
      'models/bad.ff.ts': text`
        import { model } from 'fastflowtransform'
        import { check } from './lib/check.ts'
        export default model({ deps: ['stg_orders'] }, async function* ({ stg_orders }) {
          for await (const row of stg_orders.rows()) yield { id: check(Number(row.order_id)) }
        })
      `,
    },
    code: 1,
    nodes: ['bad error', 'customers success', 'fct_orders success', 'stg_orders success'],
    shown: text`
      models/lib/check.ts:3:11 error[model-threw]: model 'bad' threw: RangeError: order 3 is too new
    `,
  },
  {
    title: 'an unknown and a mistyped option are errors at their places',
    files: {
      'models/bad.ff.ts': text`
        import { model } from 'fastflowtransform'
        export default model({ dependencies: ['stg_orders'], tags: 3 }, async () => [{ id: 1 }])
      `,
    },
    code: 2,
    shown: text`
      models/bad.ff.ts:2:24 error[code-unknown-option]: unknown option 'dependencies'
        hint: options: name, deps, only, columns, materialized, tags, engines, enabled, alias, schema, database, description, … (69 in all)
    `,
  },
  {
    title: 'a dependency that is not there is an error at its name',
    files: {
      'models/bad.ff.ts': text`
        import { model } from 'fastflowtransform'
        export default model({ deps: ['stg_order'] }, async () => [{ id: 1 }])
      `,
    },
    code: 2,
    shown: text`
      models/bad.ff.ts:2:31 error[ref-not-found]: ref('stg_order') names no model, seed or snapshot
        hint: did you mean 'stg_orders'?
    `,
  },
  {
    title: 'a file without a default export is an error',
    files: { 'models/bad.ff.ts': "import { model } from 'fastflowtransform'\nmodel({}, async () => [])\n" },
    code: 2,
    shown: text`
      models/bad.ff.ts:1:1 error[code-no-default-export]: the file exports no model
        hint: export default model({ deps: […] }, async (inputs, ctx) => …)
    `,
  },
  {
    title: 'an import of a file that is not there is an error at the import',
    files: {
      'models/bad.ff.ts':
        "import { model } from 'fastflowtransform'\nimport { x } from './nowhere.ts'\nexport default model({}, async () => [{ x }])\n",
    },
    code: 2,
    shown: text`
      models/bad.ff.ts:2:19 error[code-import-not-found]: import of './nowhere.ts': no such file
        hint: the path is from the folder of the importing file
    `,
  },
  {
    title: 'an import of a package that is not there says how to get it',
    files: {
      'models/bad.ff.ts':
        "import { model } from 'fastflowtransform'\nimport { x } from 'left-padd'\nexport default model({}, async () => [{ x }])\n",
    },
    code: 2,
    shown: text`
      models/bad.ff.ts:2:19 error[code-import-not-found]: import of 'left-padd': no such package
        hint: install it in the project: npm install left-padd
    `,
  },
  {
    title: 'a misspelt export of fastflowtransform is an error with the nearest one',
    files: {
      'models/bad.ff.ts':
        "import { modell } from 'fastflowtransform'\nexport default modell({}, async () => [{ id: 1 }])\n",
    },
    code: 2,
    shown: text`
      models/bad.ff.ts:1:10 error[code-unknown-export]: 'fastflowtransform' has no export 'modell'
        hint: did you mean 'model'?
    `,
  },
  {
    title: 'an input that is no dependency fails the node and names those there are',
    files: {
      'models/bad.ff.ts': text`
        import { model } from 'fastflowtransform'
        export default model({ deps: ['stg_orders'] }, async (inputs) => {
          return inputs.orders.rows()
        })
      `,
    },
    code: 1,
    shown: text`
      models/bad.ff.ts:3:17 error[input-missing]: model 'bad' has no input 'orders'
        hint: inputs: stg_orders
    `,
  },
  {
    title: 'a model that returns no rows at all fails with what it may return',
    files: {
      'models/bad.ff.ts': text`
        import { model } from 'fastflowtransform'
        export default model({}, async () => 3)
      `,
    },
    code: 1,
    shown: text`
      models/bad.ff.ts:2:16 error[model-result]: model 'bad' returned the number 3
        hint: return rows (a list, an iterable or async iterable of objects), column batches, an Arrow table, an input, or sql\`…\`
    `,
  },
  {
    title: 'a new column after the first batch fails the node',
    files: {
      'models/bad.ff.ts': text`
        import { model } from 'fastflowtransform'
        export default model({}, async function* () {
          for (let id = 0; id < 200000; id++) yield id < 199999 ? { id } : { id, late: true }
        })
      `,
    },
    code: 1,
    shown: text`
      models/bad.ff.ts:2:16 error[column-appeared]: model 'bad': row 200000 has a new column 'late' that the first rows do not have
        hint: give every row the same keys, or declare it: columns: { late: '<type>' }
    `,
  },
  {
    title: 'values of one column that have no common type fail the node',
    files: {
      'models/bad.ff.ts': text`
        import { model } from 'fastflowtransform'
        export default model({ columns: { id: 'bigint' } }, async () => [{ id: 1 }, { id: 'two' }])
      `,
    },
    code: 1,
    shown: text`
      models/bad.ff.ts:1:1 error[value-not-loadable]: row 2: the column "id" of type bigint does not take 'two'
        hint: correct the value, or give the column a type that takes it: columns: {id: 'varchar'}
    `,
  },
  {
    title: 'SQL of a .ff.ts model that fails points at its file',
    files: {
      'models/bad.ff.ts': `import { model, sql } from 'fastflowtransform'
export default model({ deps: ['stg_orders'] }, async ({ stg_orders }) => sql\`
  select order_idd from \${stg_orders}\`)
`,
    },
    code: 1,
    shown: text`
      models/bad.ff.ts:3:10 error[column-missing]: Referenced column "order_idd" not found in FROM clause!
        hint: did you mean 'order_id'?
    `,
  },
]
