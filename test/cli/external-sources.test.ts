import { expect, test } from 'vitest'
import { projectFolder } from '../support/project-folder.js'
import { runFft } from '../support/run-fft.js'

test('a source with a location is read from its files, by models, tests, show and freshness', async () => {
  const folder = await projectFolder({ engine: 'duckdb', duckdb: { path: 'lab.duckdb' } })
  try {
    await folder.write({
      'data/events/a.csv': 'id;at\n1;2024-01-01 00:00:00\n',
      'data/events/b.csv': 'id;at\n2;2024-01-02 00:00:00\n',
      'data/users.json': '[{"id": 1}, {"id": 3}]',
      'sources.yml': `version: 2
sources:
  - name: files
    tables:
      - name: events
        external: { location: 'data/events/*.csv', options: { delim: ';' } }
        loaded_at_field: at
        freshness: { error_after: { count: 1, period: day } }
        columns: [{ name: id, tests: [unique, not_null] }]
      - { name: users, location: data/users.json, format: json }
`,
      'models/m.ff.sql':
        "select e.id from {{ source('files', 'events') }} as e join {{ source('files', 'users') }} as u on u.id = e.id\n",
    })
    const built = await runFft(['build'], folder.dir)
    expect([built.code, built.faults]).toEqual([0, []])
    expect(built.nodes['m']).toMatchObject({ rows_affected: 1 })
    expect(built.nodes['source_unique_files_events_id']).toMatchObject({ status: 'pass' })
    const shown = await runFft(['show', '-s', 'source:files.users', '--output', 'json'], folder.dir)
    expect(shown.stdout).toContain('[{"id":1},{"id":3}]')
    expect((await runFft(['source', 'freshness'], folder.dir, { FFT_NOW: '2024-01-02' })).code).toBe(0)
    expect((await runFft(['source', 'freshness'], folder.dir, { FFT_NOW: '2024-01-04' })).code).toBe(1)
    expect((await runFft(['run', '--empty'], folder.dir)).nodes['m']).toMatchObject({ rows_affected: 0 })
    await folder.remove('data/users.json')
    const missing = await runFft(['run'], folder.dir)
    expect([missing.code, missing.nodes['m']]).toMatchObject([1, { code: 'file-missing', file: 'models/m.ff.sql' }])
  } finally {
    await folder.end()
  }
})

test('an engine that reads no files warns at the source', async () => {
  const folder = await projectFolder({ engine: 'postgres', postgres: { dsn: 'postgresql://localhost/none' } })
  try {
    await folder.write({
      'sources.yml': 'version: 2\nsources: [{ name: files, tables: [{ name: events, location: data/events.csv }] }]\n',
    })
    const { code, faults } = await runFft(['ls'], folder.dir)
    expect([code, faults]).toMatchObject([0, [{ code: 'external-not-read', line: 2, column: 43, level: 'warn' }]])
  } finally {
    await folder.end()
  }
})
