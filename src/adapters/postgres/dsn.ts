import { type Diagnostic, ProjectError } from '../../core/index.js'

/** The parts of a connection string by libpq's names: `host`, `port`, `user`, `password`, `dbname`, `sslmode`, … */
export type DsnParts = Readonly<Record<string, string>>

/**
 * Reads a connection string in either of libpq's forms, `postgresql://…` or `host=… dbname=…`. Throws ProjectError
 * 'dsn-not-valid', which never shows the string.
 */
export function parseDsn(dsn: string): DsnParts {
  const text = dsn.trim()
  const parts = /^postgres(?:ql)?:\/\//.test(text) ? uriParts(text) : keywordParts(text)
  if (parts === undefined || (parts['port'] !== undefined && !/^\d{1,5}$/.test(parts['port']))) throw notValid()
  return parts
}

function notValid(): ProjectError {
  const diagnostic: Diagnostic = {
    code: 'dsn-not-valid',
    severity: 'error',
    message: 'the dsn of the profile is no connection string of Postgres',
    hint: 'write postgresql://user:password@host:5432/database; special characters in the password as %40 for @',
  }
  return new ProjectError([diagnostic])
}

function uriParts(text: string): DsnParts | undefined {
  const match = /^[a-z]+:\/\/(?:([^:@/?]*)(?::([^@]*))?@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(text)
  if (match === null) return undefined
  const [, user, password, address = '', dbname, query = ''] = match
  const place = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(address)
  if (place === null) return undefined
  const host = place[1]?.replace(/^\[|\]$/g, '')
  const given = { user, password, host, port: place[2], dbname }
  const parts: Record<string, string> = {}
  try {
    for (const [key, value] of Object.entries(given)) {
      if (value !== undefined && value !== '') parts[key] = decodeURIComponent(value)
    }
    for (const pair of query.split('&')) {
      const [key = '', value = ''] = pair.split('=')
      if (key !== '') parts[decodeURIComponent(key)] = decodeURIComponent(value)
    }
  } catch {
    return undefined
  }
  return parts
}

const pair = /\s*([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))/gy

function keywordParts(text: string): DsnParts | undefined {
  const parts: Record<string, string> = {}
  pair.lastIndex = 0
  while (pair.lastIndex < text.length) {
    const match = pair.exec(text)
    if (match === null) return undefined
    const [, key = '', quoted, plain = ''] = match
    parts[key] = (quoted ?? plain).replace(/\\(.)/g, '$1')
  }
  return Object.keys(parts).length === 0 ? undefined : parts
}
