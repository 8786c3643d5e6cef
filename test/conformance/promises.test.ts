import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { engineNames } from '../../src/config/profile-schema.js'
import { strategyNames } from '../../src/plan/strategies/index.js'
import { scenarios } from '../crash/scenarios.js'
import { subjects } from '../law/subjects.js'
import { provenStrategies } from './cases/every-strategy.js'
import { cases } from './cases/index.js'
import { engines } from './engines/index.js'
import { guaranteesPage, guaranteesPath, missingSuites, unshownSentences } from './guarantees.js'
import { isLeftOut } from './lab.js'
import { type PromiseName, promises } from './promises.js'

const all = cases.flatMap(({ list }) => list)
const names = Object.keys(promises) as readonly PromiseName[]

describe('the conformance suite', () => {
  test('has a fixture for every engine that fft speaks', () => {
    expect(engines.map(({ name }) => name).sort()).toEqual([...engineNames].sort())
  })

  test('has a case for every promise, and no title twice', () => {
    expect(names.filter((name) => !all.some(({ promise }) => promise === name))).toEqual([])
    const titles = all.map(({ title }) => title)
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([])
  })

  test('is what the page of guarantees says, each promise with its tests', () => {
    const page = join(import.meta.dirname, '../..', guaranteesPath)
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, guaranteesPage())
    expect(missingSuites()).toEqual([])
    expect(unshownSentences()).toEqual([])
    expect(readFileSync(page, 'utf8')).toBe(guaranteesPage())
  })

  test('takes every strategy of the product through what holds for all of them', () => {
    expect([...provenStrategies].sort()).toEqual([...strategyNames()].sort())
  })

  // Windows of time, versions and change events have laws of their own (`test/law/windows.test.ts`, `versions.test.ts`, `events.test.ts`).
  const ownLaws = ['time_range', 'scd2', 'cdc']
  test.each(strategyNames())('%s has a law, and a process that is killed', (strategy) => {
    const isOf = ({ title }: { readonly title: string }) => title.startsWith(strategy)
    if (!ownLaws.includes(strategy)) expect(subjects.filter(isOf)).not.toEqual([])
    expect(scenarios.filter(isOf)).not.toEqual([])
  })

  test.each(engines)('runs a case of every promise on $name, or has the reason why not', (engine) => {
    const unproved = names.filter((name) => !all.some((each) => each.promise === name && !isLeftOut(each, engine)))
    expect(unproved.sort()).toEqual(Object.keys(engine.without).sort())
    const ran = all.filter((each) => !isLeftOut(each, engine))
    process.stdout.write(
      `${engine.name}: ${ran.length} of ${all.length} cases, ${names.length - unproved.length} promises\n`,
    )
  })
})
