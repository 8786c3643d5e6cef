import { text } from '../dedent.js'
import type { ErrorCase } from '../error-case.js'

/** Faults of profiles, environments and the environment's variables. */
export const profiles: readonly ErrorCase[] = [
  {
    title: 'a missing profiles.yml is an error that shows one to start from',
    files: { 'profiles.yml': null },
    code: 2,
    shown: '?',
  },
  {
    title: 'an empty profiles.yml is an error',
    files: { 'profiles.yml': '' },
    code: 2,
    shown: '?',
  },
  {
    title: 'an unknown environment lists the known ones',
    argv: ['run', '--env', 'production'],
    code: 2,
    shown: '?',
  },
  {
    title: 'an unknown environment of FFT_ACTIVE_ENV is the same error',
    environment: { FFT_ACTIVE_ENV: 'devv' },
    code: 2,
    shown: '?',
  },
  {
    title: 'several environments without dev are an error that lists them',
    files: {
      'profiles.yml': 'a: {engine: duckdb, duckdb: {path: a.duckdb}}\nb: {engine: duckdb, duckdb: {path: b.duckdb}}\n',
    },
    code: 2,
    shown: '?',
  },
  {
    title: 'an unknown engine is an error with the nearest one',
    files: { 'profiles.yml': 'dev:\n  engine: duckbd\n  duckdb:\n    path: shop.duckdb\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'an unknown key of the active section is an error with the nearest one',
    files: { 'profiles.yml': 'dev:\n  engine: duckdb\n  duckdb:\n    paht: shop.duckdb\n' },
    code: 2,
    shown: '?',
  },
  {
    title: 'a value of the wrong type in the active section is an error at the value',
    files: { 'profiles.yml': 'dev:\n  engine: duckdb\n  duckdb:\n    path: shop.duckdb\n    schema: [a, b]\n' },
    code: 2,
    shown: '?',
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
    shown: '?',
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
    shown: '?',
  },
  {
    title: 'a template without quotes in a profile is an error that says how to write it',
    files: { 'profiles.yml': "dev:\n  engine: duckdb\n  duckdb:\n    path: {{ env('SHOP_PATH', 'x') }}\n" },
    code: 2,
    shown: '?',
  },
  {
    title: 'a line of .env that is none is a warning',
    files: { '.env': 'SHOP_A=1\nSHOP_B\n' },
    code: 0,
    shown: '?',
  },
  {
    title: 'a folder that is no project says how to name one',
    files: { 'project.yml': null },
    code: 2,
    shown: '?',
  },
]
