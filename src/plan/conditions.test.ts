import { describe, expect, test } from 'vitest'
import { namesOf, normalizedCondition } from './conditions.js'

const doubled = { stringEscapes: 'doubled' } as const
const backslash = { stringEscapes: 'backslash' } as const

describe('conditions', () => {
  test.each([
    ['target.day >= delta.day - interval 3 day', []],
    ['day >= 3 and "week" < 4', ['day', '"week"']],
    ["extract(day from target.at) = 1 and target.at > timestamp '2024-01-01' at time zone 'UTC'", []],
    ["cast(delta.x as timestamp with time zone) is not null and delta.x::date in ('a', 'b')", []],
    ["coalesce(delta.n, 0) > 0 and n > 1 -- a comment with m\n and 'm' = 'm'", ['n']],
    ['main.f(delta.x) or `odd name` is null', ['`odd name`']],
  ])('%s: names without an alias', (condition, bare) => {
    expect(namesOf(condition, doubled).bare).toEqual(bare)
    expect(namesOf(condition, doubled).unknown).toEqual([])
  })

  test("dbt's aliases are read, whatever their case, but not inside strings", () => {
    expect(
      normalizedCondition("DBT_INTERNAL_DEST.a = dbt_internal_source.b and x = 'DBT_INTERNAL_DEST'", doubled),
    ).toBe("target.a = delta.b and x = 'DBT_INTERNAL_DEST'")
    expect(namesOf('target.a > 1', doubled)).toMatchObject({ usesTarget: true, usesDelta: false })
    expect(namesOf('x.a > 1', doubled).unknown).toEqual(['x'])
  })

  test.each([
    [String.raw`target.v = 'it\'s dbt_internal_dest.x' and n > 1`, ['n']],
    [String.raw`target.v = "a \" dbt_internal_dest.x" and "week" <> delta.v`, []],
    [String.raw`target.v = r'\' and n = 'dbt_internal_dest.x'`, ['n']],
    ['target.`a"b` = delta.v and `odd name` is null', ['`odd name`']],
  ])('%s: strings with backslashes and double quotes are strings where the engine reads them so', (condition, bare) => {
    expect(normalizedCondition(condition, backslash)).toBe(condition)
    expect(namesOf(condition, backslash)).toMatchObject({ bare, unknown: [] })
  })
})
