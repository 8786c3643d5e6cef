import { quote } from './names.js'

/** Settings of a session that its next commits carry: what they say of themselves, and by what Delta knows them again. */
export const commitSettings = {
  metadata: 'spark.databricks.delta.commitInfo.userMetadata',
  appId: 'spark.databricks.delta.write.txnAppId',
  version: 'spark.databricks.delta.write.txnVersion',
} as const

export function setStatement(key: string, value: string): string {
  return `set ${quote(key)}=${quote(value)}`
}

export function resetStatement(key: string): string {
  return `reset ${key}`
}

/** What a statement does to a setting: a value, or undefined when it resets it. */
export interface SettingChange {
  readonly key: string
  readonly value: string | undefined
}

const change = /^\s*(?:set\s+(`(?:[^`]|``)+`|[\w.]+)\s*=\s*([\s\S]*?)|reset\s+(`(?:[^`]|``)+`|[\w.]+))\s*$/i

/** The setting that a statement changes; undefined when it is about something else. */
export function settingChange(sql: string): SettingChange | undefined {
  const match = change.exec(sql)
  if (match === null) return undefined
  const [, set, value, reset] = match
  return { key: bare(set ?? reset ?? ''), value: value === undefined ? undefined : bare(value) }
}

function bare(text: string): string {
  return /^`[\s\S]*`$/.test(text) ? text.slice(1, -1).replaceAll('``', '`') : text
}
