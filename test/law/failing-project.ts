import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Subject } from './subject.js'
import { cells, modelText, type Source } from './world.js'

/** Writes a project on DuckDB with one history, day by day, and says where it is. */
export function writeFailingProject(subject: Subject, history: readonly Source[]): string {
  const dir = mkdtempSync(join(tmpdir(), 'fft-law-'))
  mkdirSync(join(dir, 'models'))
  const days = history.map((_, day) => day + 1).join(' ')
  const files = {
    'project.yml': 'name: law\nversion: "1"\n',
    'profiles.yml': 'dev: {engine: duckdb, duckdb: {path: law.duckdb, schema: main}}\n',
    'sources.yml': 'version: 2\nsources: [{name: raw, schema: main, tables: [{name: src}]}]\n',
    'models/src.ff.sql': `{{ config(materialized='table') }}\n${history.map((source, day) => dayText(source, day + 1, subject)).join('')}{% endif %}\n`,
    'models/m.ff.sql': modelText(subject, 'src'),
    'README.md': `# ${subject.title}

Day by day this history does not leave the rows that a full refresh leaves (or that plain arrays have).

\`\`\`sh
for day in ${days}; do
  fft run --select src --vars "day=$day" && fft run --select m && fft show --inline 'select * from main.m'
done
fft run --select m --full-refresh && fft show --inline 'select * from main.m'
\`\`\`
`,
  }
  for (const [path, content] of Object.entries(files)) writeFileSync(join(dir, path), content)
  return dir
}

function dayText(source: Source, day: number, subject: Subject): string {
  const types = { id: 'integer', v: source.valueType, t: subject.timeType, extra: 'varchar' }
  const nothing = source.columns.map((column) => `cast(null as ${types[column]}) as ${column}`)
  const rows = source.rows.map((row) =>
    cells(row, source, subject).map((cell, index) => `cast(${cell} as ${types[source.columns[index] ?? 'id']})`),
  )
  const selects = [`select ${nothing.join(', ')} where 1 = 0`, ...rows.map((row) => `select ${row.join(', ')}`)]
  return `{% ${day === 1 ? 'if' : 'elif'} var('day', 1) | int == ${day} %}\n${selects.join('\nunion all ')}\n`
}
