import type { Profile } from './types.js'
import { isMap } from './values.js'

const secretName = /pass(?:word|wd)?$|secret|token|credential|(?:_|^)key$|dsn$/i

/** Whether a setting of this name holds what nobody may see. */
export function isSecretName(name: string): boolean {
  return secretName.test(name)
}

/**
 * The values of a profile that no output may show: secret settings at any depth, passwords in connection strings. One
 * that is also said in the open (the user `postgres` with the password `postgres`) is none: every line would hide it.
 */
export function secretValues(profile: Profile): readonly string[] {
  const open = openValues(profile)
  return allSecrets(profile).filter((value) => value !== '' && !open.has(value))
}

function openValues({ env, engine, sources }: Profile): ReadonlySet<string> {
  const settings = sources.filter(({ key, secret }) => !secret && !isSecretName(key))
  return new Set([env, engine, ...settings.map(({ value }) => String(value))])
}

function allSecrets({ sources, settings }: Profile): readonly string[] {
  const declared = sources.filter((setting) => setting.secret).map(({ value }) => String(value))
  const nested = secretsBelow(settings)
  return [...new Set([...declared, ...nested, ...declared.flatMap(passwordsIn)])]
}

function secretsBelow(value: unknown, name = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each: unknown) => secretsBelow(each, name))
  if (isMap(value)) return Object.entries(value).flatMap(([key, each]) => secretsBelow(each, key))
  if (typeof value !== 'string' && typeof value !== 'number') return []
  const text = String(value)
  return [...(isSecretName(name) ? [text] : []), ...passwordsIn(text)]
}

/** `scheme://user:password@host`, `host=… password=…`. */
function passwordsIn(text: string): readonly string[] {
  const found = [/:\/\/[^\s:@/]*:([^\s@/]+)@/.exec(text)?.[1], /\bpassword\s*=\s*'?([^\s';]+)/i.exec(text)?.[1]]
  return found.filter((password) => password !== undefined)
}
