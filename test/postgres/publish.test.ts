import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RelationState, Statement } from '../../src/adapters/index.js'
import { text } from '../../src/core/index.js'
import { errorOf, type Lab, openLab, rowsOf } from './fixture.js'

let lab: Lab
beforeEach(async () => {
  lab = await openLab()
})
afterEach(() => lab.end())

async function present(identifier: string): Promise<RelationState | undefined> {
  const states = await lab.warehouse.relations([{ schema: lab.schema }])
  return states.find(({ relation }) => relation.identifier === identifier)
}

async function run(statements: readonly Statement[]): Promise<void> {
  await lab.connection.begin()
  try {
    for (const { sql } of statements) await lab.connection.execute(sql)
    await lab.connection.commit()
  } catch (error) {
    await lab.connection.rollback()
    throw error
  }
}

/** Builds a table aside from a SELECT and swaps it in, as a run does. */
async function swap(identifier: string, select: string, change: (state: RelationState) => RelationState = (s) => s) {
  const { dialect } = lab.warehouse
  const aside = lab.relation('__fft_aside_00000000_1')
  const state = await present(identifier)
  const statements = dialect.publish(aside, lab.relation(identifier), state && change(state))
  await run([dialect.buildAside(aside, text(select)), ...statements])
}

const describeTable = (schema: string, name: string) => `
  select obj_description(c.oid, 'pg_class'), col_description(c.oid, 1), c.relacl::text, pg_get_userbyid(c.relowner),
    (select string_agg(indexdef, '; ' order by indexdef) from pg_indexes i where i.schemaname = '${schema}' and i.tablename = '${name}'),
    (select string_agg(conname || ' ' || pg_get_constraintdef(oid), '; ' order by conname) from pg_constraint where conrelid = c.oid),
    (select string_agg(tgname, ',') from pg_trigger where tgrelid = c.oid and not tgisinternal),
    (select string_agg(attname || ' ' || attnotnull || ' ' || coalesce(pg_get_expr(adbin, adrelid), ''), ',' order by attnum)
     from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attrelid = c.oid and attnum > 0),
    array_to_string(c.reloptions, ','), (select attacl::text from pg_attribute where attrelid = c.oid and attname = 'id')
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = '${schema}' and c.relname = '${name}'`

test('a swap keeps grants, comments, indexes, constraints, defaults, triggers and the owner', async () => {
  const { schema } = lab
  await lab.admin(
    `create table ${schema}.t (id integer primary key, "Odd ""name" text default 'x' not null, v numeric check (v > 0))`,
    `create role o_${schema}`,
    `comment on table ${schema}.t is 'it''s mine'`,
    `comment on column ${schema}.t.id is 'the key'`,
    `create index by_name on ${schema}.t (lower("Odd ""name")) where v > 1`,
    `create unique index on ${schema}.t (v, id)`,
    `grant select on ${schema}.t to public`,
    `grant update (id) on ${schema}.t to o_${schema} with grant option`,
    `create function ${schema}.f() returns trigger language plpgsql as 'begin return new; end'`,
    `create trigger keep before insert on ${schema}.t for each row execute function ${schema}.f()`,
    `alter table ${schema}.t owner to o_${schema}`,
    `grant all on schema ${schema} to o_${schema}`,
  )
  const before = await lab.admin(describeTable(schema, 't'))
  await swap('t', `select 1 as id, 'a'::text as "Odd ""name", 2::numeric as v`)
  expect(await lab.admin(describeTable(schema, 't'))).toEqual(before)
  expect(await lab.admin(`select * from ${schema}.t`)).toEqual([[1, 'a', '2']])
  expect((await present('t'))?.uniqueKeys.toSorted()).toEqual([['id'], ['v', 'id']])
  await lab.admin(`drop table ${schema}.t`, `drop owned by o_${schema}`, `drop role o_${schema}`)
})

test('views on a table are there after the swap, those on them too, with what hangs at them', async () => {
  const { schema } = lab
  await lab.admin(
    `create table ${schema}.t as select 1 as id, 'a' as v`,
    `create view ${schema}.direct with (security_barrier = true) as select id, v from ${schema}.t`,
    `create view ${schema}."On it" as select d.id, t.v from ${schema}.direct d join ${schema}.t t using (id)`,
    `create view ${schema}.top as select count(*) as n from ${schema}."On it", ${schema}.direct`,
    `comment on view ${schema}.direct is 'kept'`,
    `grant select on ${schema}.top to public`,
  )
  const views = ['direct', 'On it', 'top']
  const described = async () => {
    const found: unknown[] = []
    for (const view of views) found.push(await lab.admin(describeTable(schema, view)))
    return found
  }
  const before = await described()
  await swap('t', "select id::bigint as id, v from (values (1, 'b'), (2, 'c')) as new(id, v)")
  expect(await lab.admin(`select * from ${schema}.top`)).toEqual([['4']])
  expect(await described()).toEqual(before)
})

test('a view that does not fit any more keeps the old table, unless this run builds it anew', async () => {
  const { schema } = lab
  await lab.admin(
    `create table ${schema}.t as select 1 as id, 'a' as v`,
    `create view ${schema}.reads_v as select v from ${schema}.t`,
  )
  const error = await errorOf(swap('t', 'select 2 as id'))
  expect(error.message).toContain(`the view "${schema}"."reads_v" on it does not fit any more: column "v"`)
  expect(await lab.admin(`select * from ${schema}.t`)).toEqual([[1, 'a']])
  await swap('t', 'select 2 as id', (state) => {
    const { dependents = [], restore = [], blockers = [] } = state.attachments ?? {}
    return {
      ...state,
      attachments: { dependents: dependents.map((each) => ({ ...each, isRebuilt: true })), restore, blockers },
    }
  })
  expect(await lab.admin(`select * from ${schema}.t`)).toEqual([[2]])
  expect(await present('reads_v')).toBeUndefined()
})

test('what cannot be made again blocks a swap, and the rows are replaced inside the table', async () => {
  const { schema } = lab
  await lab.admin(
    `create role v_${schema}`,
    `grant usage, create on schema ${schema} to v_${schema}`,
    `create table ${schema}.t (id integer primary key)`,
    `insert into ${schema}.t values (1)`,
    `create materialized view ${schema}.m as select * from ${schema}.t`,
    `create table ${schema}.child (id integer references ${schema}.t)`,
    `create function ${schema}.g(${schema}.t) returns integer language sql as 'select 1'`,
  )
  expect((await present('t'))?.attachments?.blockers.toSorted()).toEqual([
    `the foreign key child_id_fkey of ${schema}.child`,
    `the function ${schema}.g(${schema}.t)`,
    `the materialized view "${schema}"."m"`,
  ])
  const { dialect } = lab.warehouse
  const aside = lab.relation('__fft_aside_00000000_1')
  const columns = [{ name: 'id', type: 'integer' }]
  await run([
    dialect.buildAside(aside, text('select 5 as id')),
    ...dialect.replaceRows(aside, lab.relation('t'), columns),
  ])
  expect(await lab.admin(`select * from ${schema}.t`)).toEqual([[5]])
  await lab.admin(`drop owned by v_${schema}`, `drop role v_${schema}`)
})

test('a view of another role blocks a swap by somebody who is not in that role', async () => {
  const { schema } = lab
  await lab.admin(
    `create role mine_${schema}`,
    `create role theirs_${schema}`,
    `grant usage, create on schema ${schema} to mine_${schema}, theirs_${schema}`,
    `create table ${schema}.t as select 1 as id`,
    `create view ${schema}.v as select * from ${schema}.t`,
    `alter table ${schema}.t owner to mine_${schema}`,
    `grant select on ${schema}.t to theirs_${schema}`,
    `alter view ${schema}.v owner to theirs_${schema}`,
  )
  const warehouse = await lab.open({ role: `mine_${schema}` })
  const [state] = (await warehouse.relations([{ schema }])).filter(({ relation }) => relation.identifier === 't')
  expect(state?.attachments?.blockers).toEqual([`the view "${schema}"."v" of the role theirs_${schema}`])
  await lab.admin(`drop schema ${schema} cascade`, `drop role mine_${schema}`, `drop role theirs_${schema}`)
})

test('a view is replaced with what reads it, also when its columns change', async () => {
  const { schema } = lab
  const { dialect } = lab.warehouse
  const set = async (select: string) => run(dialect.createView(lab.relation('v'), text(select), await present('v')))
  await set('select 1 as a, 2 as b')
  await lab.admin(
    `create view ${schema}.on_it as select a from ${schema}.v`,
    `grant select on ${schema}.v to public`,
    `comment on view ${schema}.v is 'kept'`,
  )
  const before = await lab.admin(describeTable(schema, 'v'))
  await set('select 3 as a, 4 as b, 5 as c -- a comment at the end')
  await set("select 'text' as a, $fft$ quoted $fft$ as z")
  expect(await rowsOf(lab.connection, `select * from ${schema}.on_it`)).toEqual([['text']])
  const after = (await lab.admin(describeTable(schema, 'v')))[0] ?? []
  expect(after.slice(0, 3)).toEqual((before[0] ?? []).slice(0, 3))
})

test('an error in the SELECT of a view that is there is at its place', async () => {
  await lab.admin(`create view ${lab.schema}.v as select 1 as a`)
  const place = { file: 'models/v.ff.sql', line: 4, column: 3 }
  const select = [{ text: 'select 1 as a,\n  nope', span: place, verbatim: true }]
  const statements = lab.warehouse.dialect.createView(lab.relation('v'), select, await present('v'))
  const error = await errorOf(run(statements))
  expect(error.code).toBe('column-missing')
  expect(error.span).toMatchObject({ file: 'models/v.ff.sql', line: 5, column: 3, length: 4 })
})

test('a view becomes a table and a table a view, with the views on them', async () => {
  const { schema } = lab
  const { dialect } = lab.warehouse
  await lab.admin(
    `create view ${schema}.x as select 1 as a`,
    `create view ${schema}.reader as select a from ${schema}.x`,
  )
  await swap('x', 'select 2 as a')
  expect((await present('x'))?.kind).toBe('table')
  expect(await lab.admin(`select * from ${schema}.reader`)).toEqual([[2]])
  await run(dialect.createView(lab.relation('x'), text('select 3 as a'), await present('x')))
  expect((await present('x'))?.kind).toBe('view')
  expect(await lab.admin(`select * from ${schema}.reader`)).toEqual([[3]])
})

test('a thousand relations are read in one message of two queries, well below a second', async () => {
  const { schema } = lab
  await lab.admin(
    `do $$ begin for i in 1..500 loop
      execute format('create table ${schema}.t%s (id integer primary key, a text, b numeric(10,2), c timestamptz)', i);
      execute format('create view ${schema}.v%s as select * from ${schema}.t%s', i, i);
      execute format('grant select on ${schema}.v%s to public', i);
    end loop; end $$`,
  )
  const began = performance.now()
  const states = await lab.warehouse.relations([{ schema }, { schema: 'not_there' }])
  const tookMs = performance.now() - began
  expect(states.length).toBe(1000)
  const table = states.find(({ relation }) => relation.identifier === 't77')
  expect(table?.columns.map(({ type }) => type)).toEqual([
    'integer',
    'text',
    'numeric(10,2)',
    'timestamp with time zone',
  ])
  expect(table?.attachments?.dependents.map(({ relation }) => relation.identifier)).toEqual(['v77'])
  expect(tookMs).toBeLessThan(3_000)
})
