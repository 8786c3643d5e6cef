import { describe, expect, expectTypeOf, it } from 'vitest'
import { configSchema, spellings } from '../config/model-keys.js'
import { type InputHandle, isCodeModel, isSqlFragment, model, type Rows, sql } from './api.js'
import { optionKeys } from './option-keys.js'

describe('model()', () => {
  it('gives the function one typed input for each dependency, without .ff', () => {
    const made = model({ deps: ['events_base', 'users.ff'], tags: 'a' }, async ({ events_base, users }, ctx) => {
      expectTypeOf(events_base).toEqualTypeOf<InputHandle>()
      expectTypeOf(users.rows<{ id: bigint }>()).toEqualTypeOf<Rows<{ id: bigint }>>()
      expectTypeOf(ctx.watermark('x')).toEqualTypeOf<string | null>()
      expectTypeOf(ctx.var('n', 1)).toEqualTypeOf<number>()
      return events_base.rows()
    })
    expect(isCodeModel(made)).toBe(true)
    expect(made.options).toEqual({ deps: ['events_base', 'users.ff'], tags: 'a' })
  })

  it('refuses unknown inputs and options when it is type-checked', () => {
    // @ts-expect-error 'evnts' is not among the dependencies
    model({ deps: ['events'] }, ({ evnts }) => evnts)
    // @ts-expect-error there are no dependencies
    model({}, ({ events }) => events)
    // @ts-expect-error 'tag' is no option
    model({ tag: 'x' }, () => [])
    // @ts-expect-error text is no result
    model({}, () => 'select 1')
  })

  it('takes every form of result', () => {
    const forms = [
      model({}, () => [{ a: 1 }]),
      model({}, async function* () {
        yield { a: 1 }
      }),
      model({}, () => sql`select 1`),
      model({ deps: ['x'] }, ({ x }) => x),
      model({ deps: ['x'] }, async function* ({ x }) {
        for await (const batch of x.batches()) yield batch
      }),
      model({}, () => ({ columns: ['a'], values: [new Float64Array(1)] })),
      model({ deps: ['x'], only: ['snowflake'], columns: { a: 'int' } }, async ({ x }) => {
        const rows = await x.rows<{ n: number }>().toArray()
        return rows.map(({ n }) => ({ n: n * 2 }))
      }),
    ]
    expect(forms.every(isCodeModel)).toBe(true)
  })

  it("has every key of a model's configuration", () => {
    const keys = spellings((key) => key.on === undefined || key.on.includes('model'))
    expect(configSchema('model')).toBeDefined()
    expect(keys.filter((key) => !optionKeys.includes(key))).toEqual([])
  })
})

describe('sql`…`', () => {
  it('keeps text, fragments, names and values apart', () => {
    const handle = { sql: sql.raw('"main"."x"') }
    const made = sql`select ${sql.identifier('a b')} from ${handle} where a = ${"it's"} and ${sql`b in (${[1, 2]})`}`
    expect(isSqlFragment(made)).toBe(true)
    expect(made.parts).toEqual([
      { text: 'select ', raw: 'select ' },
      { identifier: 'a b' },
      { text: ' from ', raw: ' from ' },
      { text: '"main"."x"' },
      { text: ' where a = ', raw: ' where a = ' },
      { value: "it's" },
      { text: ' and ', raw: ' and ' },
      { text: 'b in (', raw: 'b in (' },
      { value: [1, 2] },
      { text: ')', raw: ')' },
    ])
  })

  it('refuses undefined and functions', () => {
    expect(() => sql`a ${1} ${undefined}`).toThrow('sql`…`: value 2 is undefined')
    expect(() => sql`a ${() => 1}`).toThrow('sql`…`: value 1 is a function')
  })
})
