import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runFft } from '../support/run-fft.js'
import { cases } from './cases/index.js'
import { applyCase, describeFaults, describeNodes } from './error-case.js'
import { type BuiltShop, buildShop, converge, laterRows, rowsOf, shopRows } from './shop.js'

let shop: BuiltShop
beforeAll(async () => {
  shop = await buildShop()
})
afterAll(() => shop.end())

describe.each(Object.entries(cases))('%s', (_, group) => {
  test.each(group.map((each) => [each.title, each] as const))('%s', async (__, each) => {
    const folder = await shop.copy()
    try {
      await applyCase(each, folder)
      const outcome = await runFft(each.argv ?? ['run'], folder.dir, each.environment)
      expect(describeFaults(outcome, folder.dir)).toBe(each.shown.trim())
      expect(outcome.code).toBe(each.code)
      if (each.nodes !== undefined) expect(describeNodes(outcome)).toEqual(each.nodes)
      expect(await rowsOf(folder.dir)).toEqual(shopRows)
      // What was read is cached now: the second time shows the same.
      if (each.code === 1) {
        const again = await runFft(each.argv ?? ['run'], folder.dir, each.environment)
        expect(describeFaults(again, folder.dir)).toBe(each.shown.trim())
      }
      if (each.files === undefined && each.prepare === undefined) return
      expect(await converge(folder, Object.keys(each.files ?? {}))).toEqual(laterRows)
    } finally {
      await folder.end()
    }
  })
})
