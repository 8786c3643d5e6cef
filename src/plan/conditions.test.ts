import { describe, expect, test } from 'vitest'
import { namesOf, normalizedCondition } from './conditions.js'

describe('conditions', () => {
  test.each([
    ['target.day >= delta.day - interval 3 day', []],
    ['day >= 3 and "week" < 4', ['day', '"week"']],
    ["extract(day from target.at) = 1 and target.at > timestamp '2024-01-01' at time zone 'UTC'", []],
    ["cast(delta.x as timestamp with time zone) is not null and delta.x::date in ('a', 'b')", []],
    ["coalesce(delta.n, 0) > 0 and n > 1 -- a comment with m\n and 'm' = 'm'", ['n']],
    ['main.f(delta.x) or `odd name` is null', ['`odd name`']],
  ])('%s: names without an alias', (condition, bare) => {
    expect(namesOf(condition).bare).toEqual(bare)
    expect(namesOf(condition).unknown).toEqual([])
  })

  test("dbt's aliases are read, whatever their case, but not inside strings", () => {
    expect(normalizedCondition("DBT_INTERNAL_DEST.a = dbt_internal_source.b and x = 'DBT_INTERNAL_DEST'")).toBe(
      "target.a = delta.b and x = 'DBT_INTERNAL_DEST'",
    )
    expect(namesOf('target.a > 1')).toMatchObject({ usesTarget: true, usesDelta: false })
    expect(namesOf('x.a > 1').unknown).toEqual(['x'])
  })
})
