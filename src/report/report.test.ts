import { describe, expect, test } from 'vitest'
import type { Diagnostic, FftEvent, NodeRef } from '../core/index.js'
import { uniqueId } from '../core/index.js'
import { eventLine, formatDiagnostic, formatFailure, jsonRenderer, liveRenderer, plainRenderer } from './index.js'
import type { Renderer, RendererIo, Verbosity } from './renderer.js'

const sources: Record<string, string> = {
  'models/orders.ff.sql': "a\r\nb\r\nc\r\nd\r\ne\r\nf\r\njoin {{ ref('stg_order') }}\r\n",
  'models/wide.ff.sql': '\t日本 🦆 {{ reff() }}',
  'models/long.ff.sql': `select ${'a, '.repeat(200)}oops, ${'b, '.repeat(200)}`,
}
const readSource = (file: string): string | undefined => sources[file]
const plain = { color: false }

describe('a diagnostic', () => {
  test('names the place, the code and the message, underlines the fault and gives the hint', () => {
    const diagnostic = fault({
      message: "ref('stg_order') names no model, seed or snapshot",
      hint: "did you mean 'stg_orders'?",
      span: { file: 'models/orders.ff.sql', line: 7, column: 13, length: 11 },
    })
    expect(formatDiagnostic(diagnostic, readSource, plain)).toBe(`\
models/orders.ff.sql:7:13 error[ref-not-found]: ref('stg_order') names no model, seed or snapshot
  7 | join {{ ref('stg_order') }}
    |             ^^^^^^^^^^^
  hint: did you mean 'stg_orders'?
`)
  })

  test('stands alone without a place, and without the line when the file cannot be read', () => {
    expect(formatDiagnostic(fault({ message: 'no' }), readSource, plain)).toBe('error[ref-not-found]: no\n')
    const elsewhere = fault({ message: 'no', severity: 'warning', span: { file: 'gone.sql', line: 1, column: 2 } })
    expect(formatDiagnostic(elsewhere, readSource, plain)).toBe('gone.sql:1:2 warning[ref-not-found]: no\n')
  })

  test('shows the other places', () => {
    const span = { file: 'models/orders.ff.sql', line: 1, column: 1 }
    const diagnostic = fault({ message: 'twice', related: [{ message: 'first defined here', span }] })
    expect(formatDiagnostic(diagnostic, readSource, plain)).toBe(`\
error[ref-not-found]: twice
  models/orders.ff.sql:1:1 first defined here
    1 | a
      | ^
`)
  })

  test('underlines by cells, so that wide characters and tabs do not move the mark', () => {
    const span = { file: 'models/wide.ff.sql', line: 1, column: 10, length: 4 }
    const lines = formatDiagnostic(fault({ message: 'x', span }), readSource, plain).split('\n')
    expect(lines.slice(1, 3)).toEqual(['  1 |  日本 🦆 {{ reff() }}', '    |             ^^^^'])
  })

  test('cuts a long line around the fault', () => {
    const span = { file: 'models/long.ff.sql', line: 1, column: 608, length: 4 }
    const [, line = '', mark = ''] = formatDiagnostic(fault({ message: 'x', span }), readSource, plain).split('\n')
    expect(line.length).toBeLessThanOrEqual(120)
    expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('oops')
  })

  test('of a failed node shows its rows before the hint', () => {
    const failure = {
      code: 'duplicate-keys',
      message: '2 keys are there twice',
      hint: 'remove them',
      rows: {
        columns: ['id', 'name'],
        rows: [
          ['1', 'ada'],
          ['22', null],
        ],
      },
    }
    expect(formatFailure(failure, readSource, plain)).toBe(`\
error[duplicate-keys]: 2 keys are there twice
  id  name
  ──  ────
   1  ada
  22  NULL
  hint: remove them
`)
  })
})

describe('plain lines', () => {
  test('tell a run from the header to the summary', () => {
    expect(render(plainRenderer, run())).toBe(
      `\
fft run 0.1.0 · shop · dev on duckdb · 4 nodes · now 2024-01-01T00:00:00.000Z

1/4  ok           0.05s  table              main.stg_orders                   100 rows · created
2/4  unchanged    0.00s  view               main.stg_users
3/4  ERROR        1.50s  incremental merge  main.orders                       2 keys are there twice
4/4  skipped      0.00s  table              main.top                          parent orders failed

ERROR main.orders incremental merge
models/orders.ff.sql:7:1 error[duplicate-keys]: 2 keys are there twice
  7 | join {{ ref('stg_order') }}
    | ^

Failed in 1.60s: 1 ok, 1 unchanged, 1 in error, 1 skipped
`.replace('table         main.top   ', 'table              main.top   '),
    )
  })

  test('of a quiet run are its errors alone', () => {
    const text = render(plainRenderer, [...run(), warning()], 'quiet')
    expect(text).toContain('duplicate-keys')
    expect(text).not.toMatch(/0\.1\.0|Failed in|stg_users|careful/)
  })

  test('of a verbose run have the statements', () => {
    const statement: FftEvent = {
      type: 'statement',
      node: orders.uniqueId,
      purpose: 'apply',
      sql: 'select 1\n',
      durationMs: 3,
    }
    expect(render(plainRenderer, [statement])).toBe('')
    expect(render(plainRenderer, [statement], 'verbose')).toBe('-- model.shop.orders: apply, 0.00s\n  select 1\n')
  })

  test('show 50 errors and count the rest', () => {
    const events = Array.from(
      { length: 53 },
      (): FftEvent => ({ type: 'diagnostic', diagnostic: fault({ message: 'x' }) }),
    )
    const text = render(plainRenderer, events)
    expect(text.match(/error\[/g)).toHaveLength(50)
    expect(text.endsWith('… and 3 more\n')).toBe(true)
  })

  test('tell the failures of a run that broke off', () => {
    const text = render(plainRenderer, run().slice(0, -1))
    expect(text).toContain('error[duplicate-keys]')
  })

  test('give a failure without a place that of its node', () => {
    const place = { ...orders, span: { file: 'models/orders.ff.sql', line: 7, column: 1 } }
    const failure = { code: 'refused', message: 'no' }
    const text = render(plainRenderer, [
      { type: 'node_finished', node: place, index: 1, total: 1, status: 'error', durationMs: 0, failure },
    ])
    expect(text).toContain('models/orders.ff.sql:7:1 error[refused]: no')
  })

  test('count nodes as they finish', () => {
    const later = run()
      .filter((event) => event.type === 'node_finished')
      .reverse()
    expect(render(plainRenderer, later).match(/^\d\/4/gm)).toEqual(['1/4', '2/4', '3/4', '4/4'])
  })

  test('of nothing to do say so', () => {
    const text = render(plainRenderer, [
      { type: 'run_finished', command: 'run', durationMs: 5, counts: {}, failures: [] },
    ])
    expect(text).toContain('Done in 0.01s: nothing to do')
  })
})

describe('JSON lines', () => {
  test('are one object per event, with flat places', () => {
    const lines = render(jsonRenderer, run())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toHaveLength(run().length)
    expect(lines.find((line) => line.status === 'error')).toEqual({
      type: 'node_finished',
      time: '1970-01-01T00:00:00.000Z',
      level: 'error',
      unique_id: 'model.shop.orders',
      resource_type: 'model',
      name: 'orders',
      kind: 'incremental merge',
      relation: 'main.orders',
      index: 3,
      total: 4,
      status: 'error',
      duration_ms: 1500,
      code: 'duplicate-keys',
      message: '2 keys are there twice',
      file: 'models/orders.ff.sql',
      line: 7,
      column: 1,
    })
  })

  test('of diagnostics carry file, line, column, code and hint', () => {
    const span = { file: 'a.yml', line: 2, column: 3 }
    const diagnostic = fault({ message: 'no', hint: 'do', span, related: [{ message: 'here', span }] })
    expect(JSON.parse(eventLine({ type: 'diagnostic', diagnostic }, new Date(0)))).toMatchObject({
      level: 'error',
      code: 'ref-not-found',
      hint: 'do',
      file: 'a.yml',
      line: 2,
      column: 3,
      related: [{ message: 'here', file: 'a.yml', line: 2, column: 3 }],
    })
  })
})

describe('live lines', () => {
  test('leave on the screen what plain lines say', () => {
    expect(screenOf(render(liveRenderer, run()))).toBe(render(plainRenderer, run()))
  })

  test('show what runs now below what is finished, and hide the cursor meanwhile', () => {
    let text = ''
    const renderer = liveRenderer(io((part) => (text += part)))
    for (const event of run().slice(0, 2)) renderer.emit(event)
    const screen = screenOf(text)
    expect(screen).toContain('⠋    0.00s  table              main.stg_orders')
    expect(screen).toContain('0 of 4 · 1 running · 0.00s')
    expect(text).toContain('\u001b[?25l')
    renderer.close()
    expect(text).toContain('\u001b[?25h')
    expect(screenOf(text)).not.toContain('running')
  })
})

const orders: NodeRef = node('orders', 'incremental merge')

function node(name: string, kind: string): NodeRef {
  return { uniqueId: uniqueId('model', 'shop', name), resourceType: 'model', name, kind, relation: `main.${name}` }
}

function fault(parts: Partial<Diagnostic> & { message: string }): Diagnostic {
  return { code: 'ref-not-found', severity: 'error', ...parts }
}

function warning(): FftEvent {
  return { type: 'diagnostic', diagnostic: fault({ message: 'careful', severity: 'warning' }) }
}

function run(): FftEvent[] {
  const failure = {
    code: 'duplicate-keys',
    message: '2 keys are there twice',
    span: { file: 'models/orders.ff.sql', line: 7, column: 1 },
  }
  const finished = (ref: NodeRef, index: number, rest: object): FftEvent =>
    ({ type: 'node_finished', node: ref, index, total: 4, durationMs: 0, ...rest }) as FftEvent
  const counts = { success: 1, 'no-op': 1, error: 1, skipped: 1 }
  return [
    {
      type: 'run_started',
      command: 'run',
      version: '0.1.0',
      project: 'shop',
      env: 'dev',
      engine: 'duckdb',
      invocationId: 'x',
      now: '2024-01-01T00:00:00.000Z',
      nodes: 4,
    },
    { type: 'node_started', node: node('stg_orders', 'table'), index: 1, total: 4 },
    finished(node('stg_orders', 'table'), 1, {
      status: 'success',
      durationMs: 50,
      rowsAffected: 100,
      detail: 'created',
    }),
    finished(node('stg_users', 'view'), 2, { status: 'no-op', detail: 'unchanged' }),
    finished(orders, 3, { status: 'error', durationMs: 1500, failure }),
    finished(node('top', 'table'), 4, { status: 'skipped', detail: 'skipped: parent orders failed' }),
    {
      type: 'run_finished',
      command: 'run',
      durationMs: 1600,
      counts,
      failures: [{ node: orders, status: 'error', failure }],
    },
  ]
}

function io(write: (text: string) => void, verbosity: Verbosity = 'normal'): RendererIo {
  return { write, columns: () => 120, color: false, now: () => 0, readSource, verbosity }
}

function render(make: (io: RendererIo) => Renderer, events: readonly FftEvent[], verbosity?: Verbosity): string {
  let text = ''
  const renderer = make(io((part) => (text += part), verbosity))
  for (const event of events) renderer.emit(event)
  renderer.close()
  return text
}

/** What a terminal shows after the text: lines, cursor moves up, erasures. */
function screenOf(text: string): string {
  const lines = ['']
  let row = 0
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character.
  for (const [part] of text.matchAll(/\u001b\[\??(\d*)([A-Za-z])|\r|\n|[^\u001b\r\n]+/g)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
    const [, count = '', code] = /^\u001b\[\??(\d*)([A-Za-z])$/.exec(part) ?? []
    if (code === 'A') row -= Number(count)
    else if (code === 'J') lines.splice(row, lines.length, '')
    else if (part === '\n') lines[++row] ??= ''
    else if (code === undefined && part !== '\r') lines[row] = part
  }
  return lines.join('\n')
}
