import { expect, test } from 'vitest'
import { closest } from './closest.js'

test('letter case and a swap of neighbours are near', () => {
  expect(closest('ORDRES', ['customers', 'orders'])).toBe('orders')
})

test('a word that shares no letter is not near, however short', () => {
  expect(closest('=', ['d', 'ab'])).toBeUndefined()
})
