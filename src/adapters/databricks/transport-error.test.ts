import { expect, test } from 'vitest'
import { transportError } from './transport-error.js'

const withCode = (code: string, message = 'request failed') => Object.assign(new Error(message), { code })

test.each([
  [withCode('ECONNREFUSED'), 'server-unreachable'],
  [withCode('ENOTFOUND'), 'server-unreachable'],
  [withCode('EPROTO'), 'tls-refused'],
  [withCode('SELF_SIGNED_CERT_IN_CHAIN'), 'tls-not-trusted'],
  [Object.assign(new Error('refused'), { statusCode: 503 }), 'server-not-ready'],
  [Object.assign(new Error('refused'), { statusCode: 403 }), 'login-refused'],
  [withCode('ECONNRESET'), 'connection-lost'],
])('%s has the code that other engines give the same fault: %s', (thrown, code) => {
  expect(transportError(thrown).code).toBe(code)
})
