import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

/** Faults of profiles, environments and the environment's variables. */
export const profiles: readonly ErrorCase[] = [
  {
    title: 'a missing profiles.yml is an error that shows one to start from',
    files: { 'profiles.yml': null },
    code: 2,
    shown: text`
      error[profile-missing]: there is no profiles.yml, so fft does not know which warehouse to use
        hint: write one:
          dev:
            engine: duckdb
            duckdb:
              path: warehouse.duckdb
    `,
  },
  {
    title: 'an empty profiles.yml is an error',
    files: { 'profiles.yml': '' },
    code: 2,
    shown: text`
      profiles.yml:1:1 error[profiles-empty]: profiles.yml names no environment
        hint: write one:
          dev:
            engine: duckdb
            duckdb:
              path: warehouse.duckdb
    `,
  },
  {
    title: 'an unknown environment lists the known ones',
    argv: ['run', '--env', 'production'],
    code: 2,
    shown: text`
      profiles.yml:1:1 error[environment-unknown]: profiles.yml has no environment 'production'
        hint: environments: dev
    `,
  },
  {
    title: 'an unknown environment of FFT_ACTIVE_ENV is the same error',
    environment: { FFT_ACTIVE_ENV: 'devv' },
    code: 2,
    shown: text`
      profiles.yml:1:1 error[environment-unknown]: profiles.yml has no environment 'devv'
        hint: did you mean 'dev'?
    `,
  },
  {
    title: 'several environments without dev are an error that lists them',
    files: {
      'profiles.yml': 'a: {engine: duckdb, duckdb: {path: a.duckdb}}\nb: {engine: duckdb, duckdb: {path: b.duckdb}}\n',
    },
    code: 2,
    shown: text`
      profiles.yml:1:1 error[environment-unclear]: profiles.yml has several environments, none of them 'dev'
        hint: choose one with --env or FFT_ACTIVE_ENV: a, b
    `,
  },
  {
    title: 'a profile without the name of an environment is an error that says where to put it',
    files: { 'profiles.yml': 'engine: duckdb\nduckdb:\n  path: shop.duckdb\n' },
    code: 2,
    shown: text`
      profiles.yml:1:1 error[environment-unclear]: profiles.yml starts with 'engine', not with the name of an environment
        hint: put 'dev:' in the first line, and indent what is below it
    `,
  },
  {
    title: 'an environment that is no map is an error',
    files: { 'profiles.yml': 'dev: duckdb\n' },
    code: 2,
    shown: text`
      profiles.yml:1:6 error[wrong-value]: 'dev' must be an environment: a map with engine and its section, not 'duckdb'
    `,
  },
  {
    title: 'an unknown engine is an error with the nearest one',
    files: { 'profiles.yml': 'dev:\n  engine: duckbd\n  duckdb:\n    path: shop.duckdb\n' },
    code: 2,
    shown: text`
      profiles.yml:2:11 error[engine-unknown]: fft does not speak the engine 'duckbd'
        hint: did you mean 'duckdb'?
    `,
  },
  {
    title: 'an unknown key of the active section is an error with the nearest one',
    files: { 'profiles.yml': 'dev:\n  engine: duckdb\n  duckdb:\n    paht: shop.duckdb\n' },
    code: 2,
    shown: text`
      profiles.yml:4:5 error[unknown-key]: unknown key 'paht'
        hint: did you mean 'path'?
    `,
  },
  {
    title: 'a value of the wrong type in the active section is an error at the value',
    files: { 'profiles.yml': 'dev:\n  engine: duckdb\n  duckdb:\n    path: shop.duckdb\n    schema: [a, b]\n' },
    code: 2,
    shown: text`
      profiles.yml:5:13 error[wrong-value]: 'schema' must be a string, not ["a","b"]
    `,
  },
  {
    title: 'a missing environment variable of a profile is an error that names it',
    files: {
      'profiles.yml': text`
        dev:
          engine: duckdb
          duckdb:
            path: "{{ env_var('SHOP_PATH') }}"
      `,
    },
    code: 2,
    shown: text`
      profiles.yml:4:23 error[env-var-missing]: the environment variable 'SHOP_PATH' is not set
        hint: set it, put it into a .env file, or give a default: env_var('SHOP_PATH', 'default')
    `,
  },
  {
    title: 'a template of a profile that is printed without a value is an error at its place',
    files: {
      'profiles.yml': text`
        dev:
          engine: duckdb
          duckdb:
            path: "data/{{ env('SHOP_PATH') }}"
      `,
    },
    code: 2,
    shown: text`
      profiles.yml:4:20 error[undefined-value]: env('SHOP_PATH') is missing and cannot be printed
        hint: set SHOP_PATH or give a default: env('SHOP_PATH', …)
    `,
  },
  {
    title: 'a template without quotes in a profile is an error that says how to write it',
    files: { 'profiles.yml': "dev:\n  engine: duckdb\n  duckdb:\n    path: {{ env('SHOP_PATH', 'x') }}\n" },
    code: 2,
    shown: text`
      profiles.yml:4:11 error[yaml-syntax]: a template without quotes is read as a YAML map
        hint: put the value in quotes: "{{ … }}"
    `,
  },
  {
    title: 'a line of .env that is none is a warning',
    files: { '.env': 'SHOP_A=1\nSHOP_B\n' },
    code: 0,
    shown: text`
      .env:2:1 warning[env-file-line]: this line is no NAME=value and is passed over
        hint: close its quote, or put # in front
    `,
  },
  {
    title: 'a folder that is no project says how to name one',
    files: { 'project.yml': null },
    code: 2,
    shown: text`
      error[project-missing]: <project> is no fft project: it has no project.yml
        hint: go to the project folder, name it with --project DIR, or make a new project: fft init DIR
    `,
  },
]
