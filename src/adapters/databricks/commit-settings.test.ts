import { expect, test } from 'vitest'
import { resetStatement, setStatement, settingChange } from './commit-settings.js'

test.each([
  [setStatement('a.b', 'x `y` = z'), { key: 'a.b', value: 'x `y` = z' }],
  ['SET a.b = 1', { key: 'a.b', value: '1' }],
  [resetStatement('a.b'), { key: 'a.b', value: undefined }],
  ["set time zone 'UTC'", undefined],
  ['set a.b', undefined],
  ['reset', undefined],
  ['select 1', undefined],
])('%s', (sql, expected) => {
  expect(settingChange(sql)).toEqual(expected)
})
