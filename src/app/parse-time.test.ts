import { expect, test } from 'vitest'
import { parseTime } from './parse-time.js'

test.each([
  ['2024-03-01', '2024-03-01T00:00:00.000Z'],
  ['2024-03-01 06:30:00', '2024-03-01T06:30:00.000Z'],
  ['2024-03-01 06:30:00.123456', '2024-03-01T06:30:00.123Z'],
  ['2024-03-01 06:30:00+02', '2024-03-01T04:30:00.000Z'],
  ['2024-03-01T06:30:00-0130', '2024-03-01T08:00:00.000Z'],
  ['2024-03-01T06:30Z', '2024-03-01T06:30:00.000Z'],
  ['yesterday', undefined],
  ['2024-13-01', undefined],
])('%s is %s', (text, iso) => {
  expect(parseTime(text)?.toISOString()).toBe(iso)
})
