import { expect, test } from 'vitest'
import { joinWords } from './join-words.js'

test('every word up to the next flag belongs to --select', () => {
  expect(joinWords(['run', '--select', 'a', '+b', 'tag:c', '--full-refresh', '-q'])).toEqual([
    'run',
    '--select',
    'a +b tag:c',
    '--full-refresh',
    '-q',
  ])
})

test('repeated flags stay apart', () => {
  expect(joinWords(['-s', 'a', '-s', 'b', 'c'])).toEqual(['-s', 'a', '-s', 'b c'])
})

test('the form with = takes further words too', () => {
  expect(joinWords(['--select=a', 'b', '--jobs=2'])).toEqual(['--select', 'a b', '--jobs=2'])
})

test('other words and everything after -- stay as they are', () => {
  expect(joinWords(['run', 'shop', '--env', 'dev', '--', '--select', 'a', 'b'])).toEqual([
    'run',
    'shop',
    '--env',
    'dev',
    '--',
    '--select',
    'a',
    'b',
  ])
})

test('a flag without words stays bare', () => {
  expect(joinWords(['run', '--exclude', '--quiet'])).toEqual(['run', '--exclude', '--quiet'])
})
