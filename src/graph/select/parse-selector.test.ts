import { describe, expect, it } from 'vitest'
import { parseSelector } from './parse-selector.js'

function atom(text: string) {
  const { selector } = parseSelector(text)
  if (selector?.kind !== 'atom') throw new Error(`${text} is no atom`)
  return selector
}

function fault(text: string) {
  return parseSelector(text).diagnostics[0]
}

describe('parseSelector', () => {
  it('reads graph operators with and without a depth', () => {
    expect(atom('2+users+3')).toMatchObject({ method: 'fqn', value: 'users', parents: 2, children: 3 })
    expect(atom('+users+')).toMatchObject({
      value: 'users',
      parents: Number.POSITIVE_INFINITY,
      children: Number.POSITIVE_INFINITY,
    })
    expect(atom('@users')).toMatchObject({ value: 'users', childrensParents: true })
    expect(atom('1+tag:nightly')).toMatchObject({ method: 'tag', value: 'nightly', parents: 1 })
  })

  it('takes digits that belong to a name for the name', () => {
    expect(atom('2023_users')).toMatchObject({ value: '2023_users' })
    expect(atom('users2+')).toMatchObject({ value: 'users2' })
  })

  it('splits a method from its value at the first colon, so tags may have colons', () => {
    expect(atom('tag:example:incremental_demo')).toMatchObject({ method: 'tag', value: 'example:incremental_demo' })
    expect(atom('config.meta.owner:me')).toMatchObject({ method: 'config', argument: ['meta', 'owner'], value: 'me' })
  })

  it('takes a bare word with a slash for a path, with a file ending for a file, else for a name', () => {
    expect(atom('models/staging').method).toBe('path')
    expect(atom('models/users.ff.sql').method).toBe('path')
    expect(atom('users.ff.sql').method).toBe('file')
    expect(atom('countries.csv').method).toBe('file')
    expect(atom('users.ff').method).toBe('fqn')
    expect(atom('shop.staging.users').method).toBe('fqn')
  })

  it('makes a union of words and an intersection of what commas join', () => {
    expect(parseSelector(' a  b,c ').selector).toMatchObject({
      kind: 'union',
      parts: [
        { value: 'a', offset: 1 },
        {
          kind: 'intersection',
          text: 'b,c',
          parts: [
            { value: 'b', offset: 4 },
            { value: 'c', offset: 6 },
          ],
        },
      ],
    })
  })

  it.each([
    ['', 0, 'the selector is empty'],
    ['a,,b', 2, 'a condition is missing beside the comma'],
    ['tag:a, tag:b', 5, 'a condition is missing beside the comma'],
    [',a', 0, 'a condition is missing beside the comma'],
    ['@users+', 6, "'@' and '+' do not go together"],
    ['@+users', 1, "'@' and '+' do not go together"],
    ['+', 1, 'the name is missing'],
    ['x tag:', 6, 'the name is missing'],
    ['a+b', 1, "'+' stands before or after a name, not inside it"],
    ['users++', 5, "'+' stands before or after a name, not inside it"],
    ['tag:2+x', 4, "'2+' stands before the method"],
    ['stg_[ab', 4, "'[' is not closed"],
    ['config:view', 6, 'config needs the name of a setting'],
  ])('puts a caret under the fault of %j', (selector, column, message) => {
    expect(fault(selector)?.code).toBe('selector-syntax')
    expect(fault(selector)?.message).toBe(`${message}\n  ${selector}\n  ${' '.repeat(column)}^`)
  })

  it('reports every fault', () => {
    expect(parseSelector('a,,b @x+').diagnostics).toHaveLength(2)
  })

  it('counts the caret in characters, not in UTF-16 units', () => {
    expect(fault('tag:😀,,b')?.message.split('\n')[2]).toBe('        ^')
  })
})
