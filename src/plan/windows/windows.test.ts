import { describe, expect, test } from 'vitest'
import { type BatchSize, showInstant, windowName, windowsBetween } from './calendar.js'
import { chooseWindows, describeWindows, stretches } from './choose-windows.js'
import { ledgerOf } from './ledger.js'

const at = (text: string) => Date.parse(`${text}Z`)
const window = (from: string, to: string) => ({ from: at(from), to: at(to) })

describe('windows', () => {
  test.each<[BatchSize, string, string, readonly string[]]>([
    ['hour', '2024-01-01T22:00', '2024-01-02T01:00', ['2024-01-01 22:00', '2024-01-01 23:00', '2024-01-02']],
    ['day', '2024-02-28T00:00', '2024-03-02T00:00', ['2024-02-28', '2024-02-29', '2024-03-01']],
    ['week', '2024-01-01T00:00', '2024-01-15T00:00', ['2024-01-01', '2024-01-08']],
    ['month', '2023-11-01T00:00', '2024-02-01T00:00', ['2023-11', '2023-12', '2024-01']],
    ['year', '2022-01-01T00:00', '2024-01-01T00:00', ['2022', '2023']],
    ['month', '2024-01-15T00:00', '2024-03-01T00:00', ['2024-01-15', '2024-02']],
    ['week', '1969-12-29T00:00', '1970-01-12T00:00', ['1969-12-29', '1970-01-05']],
  ])('%s from %s to %s', (size, from, to, names) => {
    const windows = windowsBetween(size, window(from, to))
    expect(windows.map((each) => windowName(size, each))).toEqual(names)
    expect(windows.at(-1)?.to).toBe(at(to))
  })

  const input = (over: Partial<Parameters<typeof chooseWindows>[0]> = {}) => ({
    size: 'day' as const,
    begin: at('2024-01-01T00:00'),
    now: at('2024-01-05T12:00'),
    lookback: 0,
    ledger: ledgerOf([]),
    asked: {},
    ...over,
  })
  const chosen = (over: Parameters<typeof input>[0]) =>
    chooseWindows(input(over)).map(({ from, why }) => `${showInstant(from)} ${why}`)

  test('what is missing is done, and the window that is not over', () => {
    const ledger = ledgerOf([
      { ...window('2024-01-01T00:00', '2024-01-02T00:00'), status: 'done' },
      { ...window('2024-01-03T00:00', '2024-01-04T00:00'), status: 'done' },
      { ...window('2024-01-04T00:00', '2024-01-05T00:00'), status: 'open' },
    ])
    expect(chosen({ ledger })).toEqual(['2024-01-02 missing', '2024-01-04 open', '2024-01-05 missing'])
    expect(stretches(chooseWindows(input({ ledger }))).map((list) => list.length)).toEqual([1, 2])
    expect(describeWindows('day', chooseWindows(input({ ledger })))).toBe(
      '2 days missing (2024-01-02 … 2024-01-05), 1 day not over when it was done last (2024-01-04)',
    )
  })

  test('a window is over when a run starts at its end or later', () => {
    const ledger = ledgerOf([{ ...window('2024-01-01T00:00', '2024-01-05T00:00'), status: 'done' }])
    expect(chosen({ ledger, now: at('2024-01-04T23:59') })).toEqual([])
    expect(chosen({ ledger, now: at('2024-01-05T00:00') })).toEqual(['2024-01-05 missing'])
  })

  test('a lookback does the last windows again, the end bounds a run, a start asks for every window', () => {
    const ledger = ledgerOf([{ ...window('2024-01-01T00:00', '2024-01-05T00:00'), status: 'done' }])
    expect(chosen({ ledger, lookback: 2 })).toEqual([
      '2024-01-03 lookback',
      '2024-01-04 lookback',
      '2024-01-05 missing',
    ])
    expect(chosen({ asked: { end: at('2024-01-02T01:00') } })).toEqual(['2024-01-01 missing', '2024-01-02 missing'])
    expect(chosen({ ledger, asked: { start: at('2024-01-02T05:00'), end: at('2024-01-03T05:00') } })).toEqual([
      '2024-01-02 asked',
      '2024-01-03 asked',
    ])
    expect(chosen({ ledger, asked: { start: at('2023-01-01T00:00'), end: at('2024-01-02T00:00') } })).toEqual([
      '2024-01-01 asked',
    ])
  })

  test('a clear ends all before it', () => {
    const ledger = ledgerOf([
      { ...window('2024-01-01T00:00', '2024-01-05T00:00'), status: 'done' },
      { from: 0, to: 0, status: 'clear' },
      { ...window('2024-01-05T00:00', '2024-01-06T00:00'), status: 'done' },
    ])
    expect(ledger.done).toEqual([window('2024-01-05T00:00', '2024-01-06T00:00')])
  })
})
