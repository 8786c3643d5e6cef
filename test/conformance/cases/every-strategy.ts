import { expect } from 'vitest'
import { type Case, expectCounts, type Lab, proving, sparing } from '../lab.js'
import { events } from './events.js'
import { snapshotDate } from './partitions.js'
import { versions } from './versions.js'
import { windows } from './windows.js'

/** A strategy with the configuration and the SELECT that the shared cases run it with. */
interface Subject {
  /** The strategy, and behind a comma what is particular. */
  readonly name: string
  readonly config: string
  readonly body: string
  /** Columns of the table that the SELECT does not have. */
  readonly more?: readonly string[]
}

// The columns of the SELECT.
const shown = 'id, name, updated_at'

const select = "select id, name, updated_at from {{ source('raw', 'events') }}"
const body = `${select}
{% if is_incremental() %}where updated_at >= (select max(updated_at) from {{ this }}) or updated_at is null{% endif %}`

const merge = "materialized='incremental', unique_key='id', updated_at='updated_at'"
const replace = "materialized='incremental', strategy='delete+insert', unique_key='id'"
const append = "materialized='incremental', strategy='append', updated_at='updated_at'"
const overwrite = "materialized='incremental', strategy='insert_overwrite', partition_by='id'"
const remember = {
  config: `${merge}, strategy='scd3', history_columns={'name': 'old_name'}, full_refresh=True`,
  more: ['old_name'],
}

/** Every strategy with every way that its delta can be found. */
const subjects: readonly Subject[] = [
  { name: 'merge, whole SELECT', config: merge, body: select },
  { name: 'merge, body with is_incremental()', config: merge, body },
  { name: 'merge, filter on the watermark', config: `${merge}, delta={'watermark': 'updated_at'}`, body: select },
  {
    name: 'merge, SQL of its own',
    config: `${merge}, delta={'sql': "${select} where updated_at >= (select max(updated_at) from {{ this }});"}`,
    body: select,
  },
  {
    name: "merge, watermark('updated_at')",
    config: merge,
    body: `${select} where updated_at >= {{ watermark('updated_at') }}`,
  },
  { name: 'merge, no updated_at', config: "materialized='incremental', unique_key=['id']", body: select },
  { name: 'delete+insert, whole SELECT', config: replace, body: select },
  { name: 'delete+insert, filtered body', config: `${replace}, updated_at='updated_at'`, body },
  { name: 'append, updated_at', config: append, body: select },
  { name: 'append, updated_at and a key', config: `${append}, unique_key='id'`, body: select },
  { name: 'merge, deletions marked', config: `${merge}, deletes={'when': "name = 'gone'"}`, body: select },
  {
    name: 'merge, a condition for updates',
    config: `${merge}, update_when='delta.updated_at > target.updated_at'`,
    body: select,
  },
  { name: 'merge, predicates', config: `${merge}, predicates=['delta.id > 0', 'target.id > 0']`, body: select },
  { name: 'merge, some columns', config: `${merge}, update_columns=['name', 'updated_at']`, body },
  { name: 'insert_overwrite, whole SELECT', config: overwrite, body: select },
  { name: 'insert_overwrite, filtered body', config: `${overwrite}, updated_at='updated_at'`, body },
  { name: 'scd3, whole SELECT', ...remember, body: select },
  { name: 'scd3, body with is_incremental()', ...remember, body },
]

/** Strategies that cannot do what the shared cases ask of all others, with cases of their own for each. */
const apart = { snapshot_date: snapshotDate, time_range: windows, scd2: versions, cdc: events }

/** The strategies that every run of the suite takes through all that holds for a strategy. */
export const provenStrategies: readonly string[] = [
  ...new Set([...subjects.map(({ name }) => name.replace(/,.*/, '')), ...Object.keys(apart)]),
]

const first = ["1, 'a', timestamp '2024-01-01 00:00:00'", "2, 'b', timestamp '2024-01-02 00:00:00'"]
const firstRows = [
  ['1', 'a', '2024-01-01 00:00:00'],
  ['2', 'b', '2024-01-02 00:00:00'],
]

function rowsOf(lab: Lab, name: string) {
  return lab.rows(name, shown)
}

async function start(lab: Lab, { config, body }: Subject): Promise<void> {
  await lab.table('events', `id integer, name ${lab.types.text}, updated_at ${lab.types.timestamp}`, first)
  await lab.model('m', config, body)
}

function casesOf(subject: Subject): readonly Case[] {
  const isAppend = subject.config.includes("'append'")
  const updates = !isAppend
  return [
    {
      title: `${subject.name}: the first run takes every row, a rerun changes nothing`,
      run: async (lab) => {
        await start(lab, subject)
        const created = await lab.good('m')
        expectCounts(created, 2)
        expect(await rowsOf(lab, 'm')).toEqual(firstRows)
        const state = await lab.state()
        expect(state).toEqual(
          subject.config.includes('updated_at') || subject.body.includes('watermark(')
            ? ['m updated_at 2024-01-02 00:00:00']
            : [],
        )
        for (const _ of [1, 2]) {
          const again = await lab.good('m')
          expectCounts(again, 0)
          expect(again.detail).toBe('unchanged')
          expect(await rowsOf(lab, 'm')).toEqual(firstRows)
          expect(await lab.state()).toEqual(state)
        }
        expect(await lab.leftovers()).toEqual([])
      },
    },
    {
      title: `${subject.name}: the second run takes new${updates ? ' and changed' : ''} rows`,
      run: async (lab) => {
        await start(lab, subject)
        await lab.good('m')
        await lab.add('events', "3, 'c', timestamp '2024-01-03 00:00:00'", "4, 'd', timestamp '2024-01-03 00:00:00'")
        if (updates)
          await lab.sql("update {events} set name = 'B', updated_at = timestamp '2024-01-04 00:00:00' where id = 2")
        const second = await lab.good('m')
        expectCounts(second, 2, updates ? 1 : 0)
        expect(await rowsOf(lab, 'm')).toEqual(await rowsOf(lab, 'events'))
        expectCounts(await lab.good('m'), 0)
        expect(await rowsOf(lab, 'm')).toEqual(await rowsOf(lab, 'events'))
      },
    },
    {
      title: `${subject.name}: an empty delta changes neither rows nor state`,
      run: async (lab) => {
        await start(lab, subject)
        await lab.good('m')
        const state = await lab.state()
        await lab.sql('delete from {events}')
        const empty = await lab.good('m')
        expectCounts(empty, 0)
        expect(await rowsOf(lab, 'm')).toEqual(firstRows)
        expect(await lab.state()).toEqual(state)
      },
    },
    {
      title: `${subject.name}: a first run without rows makes an empty table that the next run fills`,
      run: async (lab) => {
        await start(lab, subject)
        await lab.sql('delete from {events}')
        expectCounts(await lab.good('m'), 0)
        expect(await lab.columns('m')).toEqual(['id', 'name', 'updated_at', ...(subject.more ?? [])])
        await lab.add('events', ...first)
        // `max(updated_at) from this` is NULL here, so a delta that compares with it has no rows.
        if (/SQL of its own|body|some columns/.test(subject.name)) return
        expectCounts(await lab.good('m'), 2)
        expect(await rowsOf(lab, 'm')).toEqual(firstRows)
      },
    },
    {
      title: `${subject.name}: columns are matched by name, not by position`,
      run: async (lab) => {
        await start(lab, subject)
        await lab.good('m')
        const reordered = (text: string) => text.replaceAll('id, name, updated_at', 'updated_at, name, id')
        await lab.model('m', reordered(subject.config), reordered(subject.body))
        expectCounts(await lab.good('m'), 0)
        await lab.add('events', "3, 'c', timestamp '2024-01-03 00:00:00'")
        expectCounts(await lab.good('m'), 1)
        expect(await lab.columns('m')).toEqual(['id', 'name', 'updated_at', ...(subject.more ?? [])])
        expect(await rowsOf(lab, 'm')).toEqual([...firstRows, ['3', 'c', '2024-01-03 00:00:00']])
      },
    },
    {
      title: `${subject.name}: --full-refresh gives the rows of the SELECT and forgets nothing it needs`,
      run: async (lab) => {
        await start(lab, subject)
        await lab.good('m')
        await lab.sql('delete from {events} where id = 1')
        await lab.add('events', "3, 'c', timestamp '2024-01-03 00:00:00'")
        expectCounts(await lab.good('m', '--full-refresh'), 2)
        expect(await rowsOf(lab, 'm')).toEqual(await rowsOf(lab, 'events'))
        expectCounts(await lab.good('m'), 0)
      },
    },
    {
      title: `${subject.name}: rows without updated_at and ties at the boundary are not lost`,
      run: async (lab) => {
        await start(lab, subject)
        await lab.good('m')
        await lab.add('events', "3, 'tie', timestamp '2024-01-02 00:00:00'", "4, 'none', null")
        await lab.good('m')
        const seesNull = !(subject.name.includes('SQL of its own') || subject.name.includes("watermark('"))
        const expected = await lab.query(
          `select ${shown} from {events}${seesNull ? '' : ' where updated_at is not null'}`,
        )
        expect(await rowsOf(lab, 'm')).toEqual(expected)
        expectCounts(await lab.good('m'), 0)
        expect(await rowsOf(lab, 'm')).toEqual(expected)
      },
    },
  ]
}

const typed = {
  merge: "unique_key='id'",
  'delete+insert': "strategy='delete+insert', unique_key='id'",
  append: "strategy='append', updated_at='id'",
  insert_overwrite: "strategy='insert_overwrite', partition_by='id'",
  'merge, a condition for updates': "unique_key='id', update_when='delta.id = target.id'",
}

/** Changes one column after the other, a run each; all of them at once where statements are slow. */
async function changeEach(lab: Lab): Promise<void> {
  const { samples, speed } = lab.engine
  const assigned = samples.map(({ values }, index) => `c${index} = ${values[1]}`)
  if (speed === 'slow') {
    await lab.sql(`update {src} set ${assigned.join(', ')} where id in (1, 2)`)
    return expectCounts(await lab.good('m'), 0, 2)
  }
  for (const [index, assignment] of assigned.entries()) {
    await lab.sql(`update {src} set ${assignment} where id = ${index % 2 === 0 ? 1 : 2}`)
    expectCounts(await lab.good('m'), 0, 1)
  }
}

const anyType = Object.entries(typed).map(
  ([name, config]): Case => ({
    title: `${name}: a column of any type is compared, kept and changed`,
    run: async (lab) => {
      const { samples } = lab.engine
      const columns = ['id integer', ...samples.map(({ type }, index) => `c${index} ${type}`)]
      const row = (id: number, pick: (values: readonly [string, string]) => string) =>
        [id, ...samples.map(({ values }) => pick(values))].join(', ')
      await lab.table('src', columns.join(', '), [
        row(1, ([first]) => first),
        row(2, () => 'null'),
        row(2 + samples.length, ([, second]) => second),
      ])
      await lab.model('m', `materialized='incremental', ${config}`, "select * from {{ source('raw', 'src') }}")
      expectCounts(await lab.good('m'), 3)
      expectCounts(await lab.good('m'), 0)
      if (name !== 'append') await changeEach(lab)
      expect(await lab.rows('m')).toEqual(await lab.rows('src'))
    },
  }),
)

/** A strategy with the delta that most models have. */
const stories: readonly Case[] = subjects
  .filter(({ name }) => /filter on|whole SELECT$|^append, updated_at$/.test(name) && name !== 'merge, whole SELECT')
  .map((subject) => ({
    title: `${subject.name}: a story of first run, rerun, changes, ties, an empty delta and a full refresh`,
    run: async (lab) => {
      const updates = !subject.config.includes("'append'")
      await start(lab, subject)
      expectCounts(await lab.good('m'), 2)
      expect(await rowsOf(lab, 'm')).toEqual(firstRows)
      const again = await lab.good('m')
      expectCounts(again, 0)
      expect(again.detail).toBe('unchanged')
      await lab.add(
        'events',
        "3, 'c', timestamp '2024-01-03 00:00:00'",
        "4, 'tie', timestamp '2024-01-02 00:00:00'",
        "5, 'none', null",
      )
      if (updates)
        await lab.sql("update {events} set name = 'B', updated_at = timestamp '2024-01-04 00:00:00' where id = 2")
      const reordered = (text: string) => text.replaceAll('id, name, updated_at', 'updated_at, name, id')
      await lab.model('m', reordered(subject.config), reordered(subject.body))
      expectCounts(await lab.good('m'), 3, updates ? 1 : 0)
      expect(await lab.columns('m')).toEqual(['id', 'name', 'updated_at', ...(subject.more ?? [])])
      const rows = await rowsOf(lab, 'events')
      expect(await rowsOf(lab, 'm')).toEqual(rows)
      await lab.sql('delete from {events}')
      expectCounts(await lab.good('m'), 0)
      expect(await rowsOf(lab, 'm')).toEqual(rows)
      await lab.add('events', "9, 'last', timestamp '2024-02-01 00:00:00'")
      expectCounts(await lab.good('m', '--full-refresh'), 1)
      expect(await rowsOf(lab, 'm')).toEqual([['9', 'last', '2024-02-01 00:00:00']])
      if (subject.config.includes('updated_at')) expect(await lab.state()).toEqual(['m updated_at 2024-02-01 00:00:00'])
      expect(await lab.leftovers()).toEqual([])
    },
  }))

/** What holds for every strategy, by every way. */
export const everyStrategy = [
  ...proving(
    'strategies',
    sparing(subjects.flatMap(casesOf), /^$/, 'the story of the strategy tells the same in fewer statements'),
  ),
  ...proving('strategies', stories),
  ...proving('any-type', anyType),
]
