import { describe, expect, it } from 'vitest'
import { chooseEngine, chooseEnvironment } from './active-profile.js'
import { layerEnv } from './env-files.js'
import { checkProfile } from './profile.js'
import type { EngineName } from './profile-schema.js'
import type { YamlFile } from './types.js'
import { isMap } from './values.js'
import { readYaml } from './yaml-file.js'

function yamlOf(text: string): YamlFile {
  const { yaml } = readYaml('profiles.yml', text)
  if (yaml === undefined) throw new Error('no YAML')
  return yaml
}

function valueIn(value: unknown, key: string): unknown {
  return isMap(value) ? value[key] : undefined
}

function profileOf(
  engine: EngineName,
  section: string,
  env: Readonly<Record<string, string>> = {},
  templated: readonly string[] = [],
) {
  const profiles = yamlOf(`dev:\n  engine: ${engine}\n  ${engine}: ${section}`)
  const settings = valueIn(valueIn(profiles.value, 'dev'), engine)
  return checkProfile({
    ...{ profiles, env: 'dev', engine, section: engine, settings, vars: undefined, threads: '4' },
    templated: new Map(templated.map((key) => [key, ['X']])),
    environment: layerEnv([{ file: '.env', text: 'X=1' }], env),
    projectDir: '/shop',
  })
}

function faults(engine: EngineName, section: string): readonly string[] {
  return profileOf(engine, section).diagnostics.map(({ code, span }) => `${code} ${span?.line}:${span?.column}`)
}

describe('environments', () => {
  const choose = (text: string, requested?: string) => {
    const { env, diagnostics } = chooseEnvironment(yamlOf(text), requested)
    return env ?? diagnostics.map(({ code, hint }) => `${code}: ${hint}`).join()
  }

  it('are the requested one, else dev, else the only one', () => {
    expect(choose('dev: {}\nprod: {}', 'prod')).toBe('prod')
    expect(choose('prod: {}\ndev: {}')).toBe('dev')
    expect(choose('prod: {}')).toBe('prod')
  })

  it('are reported when they are unknown, unclear or missing', () => {
    expect(choose('dev: {}\nprod: {}', 'prd')).toBe("environment-unknown: did you mean 'prod'?")
    expect(choose('dev: {}\nprod: {}', 'staging')).toBe('environment-unknown: environments: dev, prod')
    expect(choose('a: {}\nb: {}')).toContain('environment-unclear: choose one')
    expect(choose('')).toContain('profiles-empty')
  })
})

describe('engines', () => {
  const choose = (text: string, requested?: string) => {
    const { engine, section, diagnostics } = chooseEngine(yamlOf(text), 'dev', requested)
    const told = diagnostics.map(({ code, span }) => `${code} ${span?.line}:${span?.column}`)
    return [engine, section, ...told].filter((each) => each !== undefined).join(' ')
  }

  it('are the requested one, the named one or the only section', () => {
    const both = 'dev: {engine: postgres, postgres: {}, databricks_spark: {}, bigquery: {}}'
    expect(choose(both)).toBe('postgres postgres')
    expect(choose(both, 'databricks')).toBe('databricks databricks_spark')
    expect(choose('dev: {duckdb: {}}')).toBe('duckdb duckdb')
    expect(choose('dev: {engine: duckdb}')).toBe('duckdb')
  })

  it('are reported at their place', () => {
    expect(choose('dev: {engine: oracle}')).toBe('engine-unknown 1:15')
    expect(choose('dev: {engine: duckdb, duckdb: {}}', 'postgres')).toBe('engine-section-missing 1:1')
    expect(choose('dev: {vars: {}}')).toBe('missing-key 1:1')
    expect(choose('dev: 3')).toBe('wrong-value 1:6')
    expect(choose('dev: {engine: duckdb, dukcdb: {}}')).toBe('duckdb unknown-key 1:23')
    expect(choose('dev: {engine: duckdb, schema: x}')).toBe('duckdb unknown-key 1:23')
  })

  it('name the sections there are', () => {
    const { diagnostics } = chooseEngine(yamlOf('dev: {engine: duckdb, duckdb: {}, bigquery: {}}'), 'dev', 'postgres')
    expect(diagnostics[0]?.hint).toBe('it has sections for duckdb')
  })
})

describe('settings', () => {
  it('have defaults, absolute paths and a place each', () => {
    const { profile } = profileOf('duckdb', '{path: .local/x.duckdb, attach: {other: y.db, lake: "s3://b/x"}}')
    expect(profile).toMatchObject({ env: 'dev', engine: 'duckdb', threads: 4 })
    expect(profile?.settings).toEqual({
      path: '/shop/.local/x.duckdb',
      attach: { other: '/shop/y.db', lake: 's3://b/x' },
      schema: 'main',
    })
    expect(profile?.sources.map(({ key, from }) => [key, from])).toEqual([
      ['path', 'profiles.yml:3:18'],
      ['attach', 'profiles.yml:3:43'],
      ['schema', 'default'],
    ])
  })

  it('keep :memory:', () => {
    expect(profileOf('duckdb', '{}').profile?.settings.path).toBe(':memory:')
  })

  it('are replaced by the environment', () => {
    const { profile } = profileOf('duckdb', '{path: a.db, db_schema: s}', {
      FF_DUCKDB_PATH: 'b.db',
      FF_DUCKDB_CATALOG: 'c',
    })
    expect(profile?.settings).toEqual({ path: '/shop/b.db', schema: 's', catalog: 'c' })
    expect(profile?.sources.find(({ key }) => key === 'path')?.from).toBe('FF_DUCKDB_PATH (process)')
  })

  it('lose host and user to a DSN of the environment', () => {
    const { profile } = profileOf('postgres', '{host: h, user: u, role: r}', { FF_PG_DSN: 'postgres://x' })
    expect(profile?.settings).toEqual({ role: 'r', dsn: 'postgres://x', schema: 'public' })
    expect(profile?.sources.find(({ key }) => key === 'dsn')?.secret).toBe(true)
  })

  it('fold the spellings of upstream', () => {
    const env = { FF_DBR_TABLE_FORMAT: 'parquet', DATABRICKS_TOKEN: 't' }
    expect(profileOf('databricks', '{host: h, database: d}', env).profile?.settings).toEqual({
      ...{ host: 'h', schema: 'd', table_format: 'parquet', token: 't' },
    })
  })

  it('take rendered text for a number where one is needed, and nothing for an empty template', () => {
    const { profile } = profileOf('postgres', '{port: "5433", password: "123", schema: ""}', {}, [
      'port',
      'password',
      'schema',
    ])
    expect(profile?.settings).toEqual({ port: 5433, password: '123', schema: 'public' })
    expect(profile?.sources[0]?.from).toBe('X (.env), profiles.yml:3:20')
  })

  it('are checked', () => {
    expect(faults('duckdb', '{pth: x}')).toEqual(['unknown-key 3:12'])
    expect(faults('duckdb', '{path: 3}')).toEqual(['wrong-value 3:18'])
    expect(faults('duckdb', '[x]')).toEqual(['wrong-value 3:11'])
    expect(faults('postgres', '{port: "5432"}')).toEqual(['wrong-value 3:20'])
    expect(faults('postgres', '{sslmode: requir}')).toEqual(['wrong-value 3:23'])
    expect(faults('duckdb', '{schema: a, db_schema: b}')).toEqual(['contradictory-values 3:34'])
  })

  it("warn once of the keys of upstream's Spark session", () => {
    const { profile, diagnostics } = profileOf('databricks', '{host: h, master: x, app_name: y, extra_conf: {a: b}}')
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['spark-session-keys', 'warning']])
    expect(diagnostics[0]?.message).toContain('master, app_name, extra_conf')
    expect(profile?.settings).not.toHaveProperty('master')
  })

  it('never show a secret in a message', () => {
    const { diagnostics } = profileOf('databricks', '{token: 123456}')
    expect(diagnostics[0]?.message).not.toContain('123456')
  })
})
