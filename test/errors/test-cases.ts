import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runFft } from '../support/run-fft.js'
import { applyCase, describeFaults, describeNodes, type ErrorCase } from './error-case.js'
import { type BuiltShop, buildShop, converge, laterRows, rowsOf, shopRows } from './shop.js'

/**
 * A test of each case: what is shown and the exit code; the rows of before are there; and when the fault is taken
 * away, the next run brings everything up to date.
 */
export function testCases(groups: Readonly<Record<string, readonly ErrorCase[]>>): void {
  let shop: BuiltShop
  beforeAll(async () => {
    shop = await buildShop()
  })
  afterAll(() => shop.end())

  describe.each(Object.entries(groups))('%s', (_, group) => {
    test.each(group.map((each) => [each.title, each] as const))('%s', (__, each) => testCase(each, shop))
  })
}

async function testCase(each: ErrorCase, shop: BuiltShop): Promise<void> {
  const folder = await shop.copy()
  const argv = each.argv ?? ['run']
  try {
    await applyCase(each, folder)
    const outcome = await runFft(argv, folder.dir, each.environment)
    expect(describeFaults(outcome, folder.dir)).toBe(each.shown.trim())
    expect(outcome.code).toBe(each.code)
    if (each.nodes !== undefined) expect(describeNodes(outcome)).toEqual(each.nodes)
    expect(await rowsOf(folder.dir)).toEqual(shopRows)
    // What was read is cached now: the second time shows the same.
    if (each.code !== 2) {
      const again = await runFft(argv, folder.dir, each.environment)
      expect(describeFaults(again, folder.dir)).toBe(each.shown.trim())
    }
    if (each.files === undefined && each.prepare === undefined) return
    expect(await converge(folder, Object.keys(each.files ?? {}))).toEqual(laterRows)
  } finally {
    await folder.end()
  }
}
