import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runBuilt, startBuilt } from '../support/built-command.js'
import type { ProjectFolder } from '../support/project-folder.js'
import { text } from './dedent.js'
import { describeFaults } from './error-case.js'
import { type BuiltShop, buildShop, converge, laterRows, rowsOf, shopRows } from './shop.js'

const command = fileURLToPath(new URL('../../dist/fft.cjs', import.meta.url))

let shop: BuiltShop
beforeAll(async () => {
  shop = await buildShop()
})
afterAll(() => shop.end())

async function inShop(work: (folder: ProjectFolder) => Promise<void>): Promise<void> {
  const folder = await shop.copy()
  try {
    await work(folder)
  } finally {
    await folder.end()
  }
}

/** What the built command prints for people, times left out. */
function print(argv: readonly string[], { dir }: ProjectFolder, prefix: readonly string[] = []) {
  const [program = process.execPath, ...rest] = [...prefix, process.execPath, command, ...argv]
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] }
  const { status, stdout, stderr } = spawnSync(program, rest, { cwd: dir, env, encoding: 'utf8' })
  return { code: status, stdout, stderr: stderr.replaceAll(/ +\d+\.\d+s/g, ' TIME').replaceAll(dir, '<project>') }
}

describe('what people read', () => {
  test('the line at fault stands under its place, with a caret under the fault and the hint', () =>
    inShop(async (folder) => {
      await folder.write({ 'models/bad.ff.sql': "select *\nfrom {{ ref('stg_order') }}\n" })
      expect(print(['run'], folder)).toEqual({
        code: 2,
        stdout: '',
        stderr: text`
          models/bad.ff.sql:2:13 error[ref-not-found]: ref('stg_order') names no model, seed or snapshot
            2 | from {{ ref('stg_order') }}
              |             ^^^^^^^^^^^
            hint: did you mean 'stg_orders'?
        `,
      })
    }))

  test('an error in a macro shows the line of the macro and of each call', () =>
    inShop(async (folder) => {
      await folder.write({
        'macros/tax.sql': '{% macro taxed(c) %}\n  {{ c }} * {{ rate }}\n{% endmacro %}\n',
        'models/bad.ff.sql': "select\n  {{ taxed('amount') }} as t\n",
      })
      expect(print(['run'], folder).stderr).toBe(text`
        macros/tax.sql:2:16 error[unknown-name]: 'rate' is not defined
          2 |   {{ c }} * {{ rate }}
            |                ^^^^
          models/bad.ff.sql:2:6 called from here
            2 |   {{ taxed('amount') }} as t
              |      ^^^^^
          hint: a text needs quotes: 'rate'; a variable is set first: {% set rate = … %}
      `)
    }))

  test('an unclosed block shows where it opens and where the file ends', () =>
    inShop(async (folder) => {
      await folder.write({ 'models/bad.ff.sql': 'select 1 as ä\n  {% if true %}\nlimit 1' })
      expect(print(['run'], folder).stderr).toBe(text`
        models/bad.ff.sql:2:3 error[unclosed-block]: {% if %} is not closed
          2 |   {% if true %}
            |   ^^
          models/bad.ff.sql:3:8 the template ends here
            3 | limit 1
              |        ^
          hint: add {% endif %}
      `)
    }))

  test('a failed node is told in its line, then with its place, then in the summary', () =>
    inShop(async (folder) => {
      await folder.write({ 'models/customers.ff.sql': "select custmer\nfrom {{ ref('fct_orders') }}\n" })
      const { code, stdout, stderr } = print(['run', '--jobs', '1', '-s', 'customers'], folder)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr.replace(/fft run [\d.]+/, 'fft run VERSION')).toBe(text`
        fft run VERSION · shop · dev on duckdb · 1 node

        1/1  ERROR TIME  table              main.customers                    Referenced column "custmer" not found in FROM clause!

        ERROR main.customers table
        models/customers.ff.sql:1:8 error[column-missing]: Referenced column "custmer" not found in FROM clause!
          1 | select custmer
            |        ^^^^^^^
          hint: did you mean 'customer'?

        Failed in TIME: 1 in error
      `)
      expect(await rowsOf(folder.dir)).toEqual(shopRows)
    }))

  test('duplicate keys are shown as a table', () =>
    inShop(async (folder) => {
      await folder.write({
        'models/keyed.ff.sql': text`
          {{ config(materialized='incremental', unique_key='customer') }}
          select customer, order_id from {{ ref('stg_orders') }}
        `,
      })
      expect(print(['run', '--quiet', '-s', 'keyed'], folder).stderr).toBe(text`

        ERROR main.keyed incremental merge
        models/keyed.ff.sql:1:50 error[duplicate-key]: several different rows for one key: customer
          1 | {{ config(materialized='incremental', unique_key='customer') }}
            |                                                  ^^^^^^^^^^
          customer  order_id
          ────────  ────────
          ada              1
          ada              3
          hint: make the SELECT unique, or set updated_at so that the newest row wins, or on_duplicate_keys='any'
      `)
    }))

  test('of very many errors fifty are shown and the rest counted', () =>
    inShop(async (folder) => {
      const names = Array.from({ length: 60 }, (_, index) => `{{ nix_${index} }}`)
      await folder.write({ 'models/bad.ff.sql': `select ${names.join('\n, ')}\n` })
      const { code, stderr } = print(['run'], folder)
      expect(code).toBe(2)
      expect(stderr.match(/error\[unknown-name\]/g)).toHaveLength(50)
      expect(stderr.trimEnd().split('\n').at(-1)).toBe('… and 10 more')
    }))
})

describe('a database that cannot be written to', () => {
  test('one that another process holds is waited for; with --wait-lock 0 it fails at once and names the process', () =>
    inShop(async (folder) => {
      const holder = spawn(process.execPath, ['--input-type=module', '-e', hold, join(folder.dir, 'shop.duckdb')], {
        cwd: fileURLToPath(new URL('../..', import.meta.url)),
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      await once(holder.stdout, 'data')
      const failed = await runBuilt(['run', '--wait-lock', '0'], folder.dir)
      expect(failed.code).toBe(1)
      expect(describeFaults(failed, folder.dir)).toBe(
        text`
          error[database-locked]: the database '<project>/shop.duckdb' is in use by process ${String(holder.pid)} (node)
            hint: DuckDB lets one process at a time write to a file: end the other one, or wait longer with --wait-lock SECONDS
        `.trim(),
      )
      const waiting = startBuilt(['run'], folder.dir)
      while (!(await once(waiting.child.stderr ?? waiting.child, 'data')).join('').includes('waiting_for_lock'));
      holder.stdin.end()
      const { code, events } = await waiting.ended
      expect(code).toBe(0)
      expect(events.find(({ type }) => type === 'waiting_for_lock')).toMatchObject({
        holder: `process ${holder.pid} (node)`,
        wait_ms: 60_000,
      })
      expect(await converge(folder, [])).toEqual(laterRows)
    }))

  test.each([
    [
      'a file in place of its folder',
      'project.yml/shop.duckdb',
      "error[database-not-writable]: the folder '<project>/project.yml' of the database cannot be made: there is a file of that name\n  hint: set another `path` in the profile, or make the folder writable",
    ],
    [
      'a folder in its own place',
      'models',
      "error[database-not-valid]: '<project>/models' is a folder, not a database file\n  hint: set another `path` in the profile, or remove it and fft makes a new database there",
    ],
    [
      'a data file, which the engine would show as a view,',
      'seeds/raw_orders.csv',
      "error[database-not-valid]: the file '<project>/seeds/raw_orders.csv' is not a DuckDB database\n  hint: set another `path` in the profile, or remove it and fft makes a new database there",
    ],
    [
      'a text',
      'project.yml',
      "error[database-not-valid]: the file '<project>/project.yml' is not a DuckDB database\n  hint: set another `path` in the profile, or remove it and fft makes a new database there",
    ],
    [
      'a folder that the system refuses to make',
      '/proc/nowhere/shop.duckdb',
      "error[database-not-writable]: the folder '/proc/nowhere' of the database cannot be made: there is no such place\n  hint: set another `path` in the profile, or make the folder writable",
    ],
  ])('%s is an error that says so', (_, path, shown) =>
    inShop(async (folder) => {
      await folder.write({ 'profiles.yml': `dev:\n  engine: duckdb\n  duckdb:\n    path: ${path}\n` })
      const outcome = await runBuilt(['run'], folder.dir)
      expect(outcome.code).toBe(1)
      expect(describeFaults(outcome, folder.dir)).toBe(shown)
      expect(await converge(folder, [])).toEqual(laterRows)
    }),
  )

  test('a full disk fails the node, the old rows stay, and the next run converges', () =>
    inShop(async (folder) => {
      await folder.write({
        'models/fct_orders.ff.sql': text`
          {{ config(materialized='incremental', unique_key='order_id', updated_at='updated_at') }}
          select i as order_id, hash(i)::varchar || hash(-i)::varchar as customer, i as cents,
            timestamp '2025-01-01' as updated_at
          from range(400000) as numbers(i)
        `,
      })
      // The shell's limit counts blocks of 512 or of 1024 bytes.
      const { code, stderr } = print(['run', '-s', 'fct_orders'], folder, [
        'sh',
        '-c',
        'ulimit -f 4000; exec "$@"',
        'sh',
      ])
      expect(code).toBe(1)
      expect(stderr).toContain(
        'models/fct_orders.ff.sql:1:1 error[disk-full]: Could not write file "<project>/shop.duckdb"',
      )
      expect(stderr).toContain('  hint: the system limits the size of a file (ulimit -f): raise the limit\n')
      expect(await rowsOf(folder.dir)).toEqual(shopRows)
      expect(await converge(folder, [])).toEqual(laterRows)
    }))
})

test.each([
  ['project.yml/target', '<project>/project.yml/target', 'a folder on its path is a file'],
  ['/proc/nowhere/target', '/proc/nowhere/target', 'the system makes no folder there'],
])('a target folder that cannot be made (%s) is an error that names it, and the rows are there', (path, shown, why) =>
  inShop(async (folder) => {
    const outcome = await runBuilt(['run', '--target-path', path], folder.dir)
    expect(outcome.code).toBe(1)
    const [error, hint] = describeFaults(outcome, folder.dir).split('\n')
    expect(error).toMatch(/^error\[file-not-writable\]: /)
    expect(error).toContain(`'${shown}/`)
    expect(error).toMatch(new RegExp(`cannot be written: ${why}$`))
    expect(hint).toBe('  hint: for artifacts, --target-path DIR or FFT_TARGET_PATH names another folder')
    expect(await converge(folder, [])).toEqual(laterRows)
  }),
)

test('a project folder that cannot be made is an error that names it', () =>
  inShop(async (folder) => {
    const outcome = await runBuilt(['init', '/proc/nowhere/shop'], folder.dir)
    expect(outcome.code).toBe(1)
    expect(describeFaults(outcome, folder.dir)).toBe(
      "error[file-not-writable]: the folder '/proc/nowhere/shop' cannot be made: the system makes no folder there\n  hint: name a folder in a place that you may write to",
    )
  }))

describe('secrets', () => {
  const profile = (password: string) => text`
    dev:
      engine: postgres
      postgres:
        host: localhost
        port: 1
        user: ada
        ${password}
        dbname: shop
        schema: main
  `

  test.each([
    ['of a profile that works', 'password: hunter2-secret'],
    ['under a misspelt key', 'pasword: hunter2-secret'],
    ['of the wrong type', 'password: [hunter2-secret]'],
    ['on a line that is no YAML', 'password: hunter2-secret: x'],
    ['in a connection string', 'dsn: postgres://ada:hunter2-secret@localhost:1/shop'],
  ])('a password %s is shown nowhere', (_, line) =>
    inShop(async (folder) => {
      await folder.write({ 'profiles.yml': profile(line) })
      for (const argv of [['run'], ['run', '-v'], ['debug'], ['run', '--log-format', 'json']]) {
        const { code, stdout, stderr } = print(argv, folder)
        expect(code).not.toBe(0)
        expect(stdout + stderr).not.toContain('hunter2')
      }
      const files = await readdir(join(folder.dir, 'target'), { recursive: true, withFileTypes: true })
      for (const file of files.filter((each) => each.isFile())) {
        expect(await readFile(join(file.parentPath, file.name), 'utf8')).not.toContain('hunter2')
      }
    }),
  )

  test('a line of .env beside a warning hides its value', () =>
    inShop(async (folder) => {
      await writeFile(join(folder.dir, '.env'), 'API_TOKEN="hunter2-secret\n')
      const { code, stderr } = print(['ls'], folder)
      expect(code).toBe(0)
      expect(stderr).toBe(text`
        .env:1:1 warning[env-file-line]: this line is no NAME=value and is passed over
          1 | API_TOKEN=***
            | ^
          hint: close its quote, or put # in front
      `)
    }))
})

/** Opens a database and keeps it until its input ends. */
const hold = `
  import { DuckDBInstance } from '@duckdb/node-api'
  const instance = await DuckDBInstance.create(process.argv[1])
  const connection = await instance.connect()
  process.stdout.write('held')
  process.stdin.resume().on('end', () => process.exit())
`
