import type { TestConfig } from '../config/index.js'
import type { Diagnostic } from '../core/index.js'
import { wrong } from './gap-tests.js'

type Side = Readonly<Record<string, unknown>>

const numbers = [
  'threshold',
  'max_delay_minutes',
  'min_rows',
  'max_rows',
  'abs_tolerance',
  'rel_tolerance_pct',
  'min_ratio',
  'max_ratio',
  'max_abs_diff',
] as const

/** A number among a test's arguments, of which some write it as text. */
export function numberIn({ arguments: args }: TestConfig, argument: (typeof numbers)[number]): number | undefined {
  const value = args[argument]
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** `left`, `right`, `source` or `target` of a test that compares; undefined: it has none. */
export function sideOf({ arguments: args }: TestConfig, which: string): Side | undefined {
  const side = args[which]
  return typeof side === 'object' && side !== null && !Array.isArray(side)
    ? Object.fromEntries(Object.entries(side))
    : undefined
}

/** The text of a side's key. */
export function textOfSide(side: Side | undefined, key: string): string | undefined {
  const value = side?.[key]
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

const sides = ['left', 'right', 'source', 'target'] as const

/** The models, seeds or snapshots that a `reconcile_…` test compares; of other tests none. */
export function comparedTables(config: TestConfig): readonly string[] {
  if (!config.test.startsWith('reconcile_')) return []
  return sides.flatMap((which) => textOfSide(sideOf(config, which), 'table') ?? [])
}

/** Reports 'test-argument-value' of the tests that measure: numbers, and sides that are whole. */
export function checkMeasures(config: TestConfig): readonly Diagnostic[] {
  const keys = config.test === 'reconcile_coverage' ? (['table', 'key'] as const) : (['table', 'expr'] as const)
  const optional = config.test === 'reconcile_coverage' ? [] : ['where']
  return [
    ...numbers.flatMap((each) =>
      wrong(config, each, config.arguments[each] === undefined || numberIn(config, each) !== undefined, 'a number'),
    ),
    ...sides.flatMap((which) => {
      if (config.arguments[which] === undefined) return []
      const side = sideOf(config, which)
      const known: readonly string[] = [...keys, ...optional]
      const isWhole =
        keys.every((each) => textOfSide(side, each) !== undefined) &&
        Object.keys(side ?? {}).every((each) => known.includes(each))
      return wrong(
        config,
        which,
        isWhole,
        `{${[...keys, ...optional.map((each) => `${each}?`)].join(', ')}}`,
        `write ${which}: {${keys.map((each) => `${each}: …`).join(', ')}}`,
      )
    }),
  ]
}
