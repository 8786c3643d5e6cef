import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseDate, parseDecimal, parseTimestamp } from './parse-text.js'
import { dateText, decimalText, doubleText, timestampText } from './print-text.js'

it('reads dates and refuses days that no month has', () => {
  expect(parseDate('1970-01-02')).toBe(1)
  expect(parseDate('2024-02-29')).toBe(19_782)
  for (const text of ['2023-02-29', '2024-13-01', '2024-1-01', '2024-01-01 ', '', 'today', '12024-01-01']) {
    expect([text, parseDate(text)]).toEqual([text, undefined])
  }
})

it('reads timestamps with fractions and offsets from UTC', () => {
  expect(parseTimestamp('1970-01-01 00:00:01')).toBe(1_000_000)
  expect(parseTimestamp('1970-01-01T00:00:00.000001Z')).toBe(1)
  expect(parseTimestamp('1969-12-31 23:59:59.5')).toBe(-500_000)
  expect(parseTimestamp('1970-01-01 02:00:00+02')).toBe(0)
  expect(parseTimestamp('1970-01-01 00:00:00-05:30')).toBe(19_800_000_000)
  for (const text of [
    '1970-01-01',
    '1970-01-01 24:00:00',
    '1970-01-01 1:00:00',
    '1970-01-01 00:00:00.',
    '1970-01-01 00:00:00.1234567',
    '1970-01-01 00:00:00 UTC',
  ]) {
    expect([text, parseTimestamp(text)]).toEqual([text, undefined])
  }
})

it('reads decimals that need no rounding', () => {
  expect(parseDecimal('-0.5', 9, 2)).toBe(-50)
  expect(parseDecimal('12345678901234567890.12', 38, 2)).toBe(1234567890123456789012n)
  for (const text of ['1.234', '1e3', '12345678.00', '', '-', '.5', '1.', '+1', '0x1']) {
    const value = parseDecimal(text, 9, 2)
    expect([text, text === '1.' ? value === 100 : value === undefined]).toEqual([text, true])
  }
})

it('prints what it reads back', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -719_162, max: 2_932_896 }),
      fc.integer({ min: 0, max: 86_399_999_999 }),
      (day, micros) => {
        expect(parseDate(dateText(day) ?? '')).toBe(day)
        const total = BigInt(day) * 86_400_000_000n + BigInt(micros)
        const parsed = parseTimestamp(timestampText(total) ?? '')
        if (Number.isSafeInteger(Number(total))) expect(BigInt(parsed ?? 0)).toBe(total)
        else expect(parsed).toBeUndefined()
      },
    ),
  )
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 37n), 10n ** 37n), (scaled) => {
      expect(BigInt(parseDecimal(decimalText(scaled, 9), 38, 9) ?? 'none')).toBe(scaled)
    }),
  )
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Number(doubleText(value))).toBe(value)
    }),
  )
})
