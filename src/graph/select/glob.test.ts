import { describe, expect, it } from 'vitest'
import { globMatcher, pathMatcher } from './glob.js'

describe('globMatcher', () => {
  it.each([
    ['stg_*', 'stg_users', true],
    ['stg_*', 'my_stg_users', false],
    ['*.daily', 'a.b.daily', true],
    ['us?rs', 'users', true],
    ['us?rs', 'usrs', false],
    ['[ab]x', 'bx', true],
    ['[!ab]x', 'bx', false],
    ['[!ab]x', 'cx', true],
    ['[0-9]*', '7days', true],
    ['a.b', 'axb', false],
    ['a.*', 'axb', false],
    ['a-b*', 'a-bc', true],
    ['[z-a]*', '[z-a]*', true],
    ['tag:*', 'tag:x', true],
  ])('%s on %s is %s', (pattern, text, expected) => {
    expect(globMatcher(pattern)(text)).toBe(expected)
  })
})

describe('pathMatcher', () => {
  it.each([
    ['models/staging', 'models/staging/users.ff.sql', true],
    ['models/stag', 'models/staging/users.ff.sql', false],
    ['models/staging/users.ff.sql', 'models/staging/users.ff.sql', true],
    ['models/*', 'models/staging/users.ff.sql', true],
    ['models/*.ff.sql', 'models/staging/users.ff.sql', false],
    ['models/**/*.ff.sql', 'models/staging/deep/users.ff.sql', true],
    ['models/**/users.ff.sql', 'models/users.ff.sql', true],
    ['**/users.ff.sql', 'models/users.ff.sql', true],
    ['models/*/users.*', 'models/staging/users.ff.sql', true],
  ])('%s on %s is %s', (pattern, path, expected) => {
    expect(pathMatcher(pattern)(path)).toBe(expected)
  })
})
