import { expect, test } from 'vitest'
import { secretValues } from './secrets.js'

function secretsOf(settings: Readonly<Record<string, unknown>>, secret: readonly string[] = []) {
  const sources = Object.entries(settings).map(([key, value]) => ({
    key,
    value,
    from: '',
    secret: secret.includes(key),
  }))
  return secretValues({ env: 'dev', engine: 'duckdb', settings, sources, vars: {} })
}

test('settings that are declared as secret are secrets', () => {
  expect(secretsOf({ user: 'ada', password: 'hunter2' }, ['password'])).toEqual(['hunter2'])
})

test('a secret that another setting, the engine or the environment says in the open is none', () => {
  expect(secretsOf({ user: 'postgres', password: 'postgres', token: 'dev', api_key: 'duckdb' })).toEqual([])
  expect(secretsOf({ user: 'postgres', password: 'postgres2' })).toEqual(['postgres2'])
})

test('the password inside a connection string is one too', () => {
  expect(secretsOf({ dsn: 'postgres://ada:hunter2@db/shop' }, ['dsn'])).toEqual([
    'postgres://ada:hunter2@db/shop',
    'hunter2',
  ])
})

test('secrets are found at any depth, by their names and in strings', () => {
  const settings = {
    path: 'shop.duckdb',
    settings: { s3_secret_access_key: 'abcd', threads: 2 },
    attach: { crm: { path: 'host=db user=ada password=hunter2', type: 'postgres' } },
  }
  expect(secretsOf(settings)).toEqual(['abcd', 'hunter2'])
})
