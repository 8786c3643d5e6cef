import { type Cost, cpu, median, wall } from './measure.js'

/** One line of the report: a figure and the bar it has to keep. */
export interface Row {
  readonly what: string
  /** The figure in each round. */
  readonly values: readonly number[]
  readonly unit: '×' | 'MB' | 'rows/s' | 's'
  /** No bar: the figure is printed for information. */
  readonly bar?: { readonly atMost: number } | { readonly atLeast: number }
  /** What else is worth knowing. */
  readonly note?: string
}

/** A file of the suite: measures; `rounds` is at least 7 where the figures count. */
export type Bench = (rounds: number) => Promise<readonly Row[]>

/** A ratio of wall time, with that of CPU time and both in seconds beside it. */
export function ratio(what: string, costs: readonly Cost[], base: readonly Cost[], atMost?: number): Row {
  const [baseWall, baseCpu] = [median(base.map(wall)), median(base.map(cpu))]
  const seconds = (each: (cost: Cost) => number) => `${median(costs.map(each)).toFixed(3)}`
  const cpuRatio = (median(costs.map(cpu)) / baseCpu).toFixed(2)
  return {
    what,
    values: costs.map((cost) => cost.wallSeconds / baseWall),
    unit: '×',
    ...(atMost === undefined ? {} : { bar: { atMost } }),
    note: `wall ${seconds(wall)} s against ${baseWall.toFixed(3)} s; CPU × ${cpuRatio}, ${seconds(cpu)} s against ${baseCpu.toFixed(3)} s`,
  }
}

/** A ratio of two lists of figures that were measured in turns. */
export function figureRatio(what: string, values: readonly number[], base: readonly number[], atMost?: number): Row {
  const middle = median(base)
  return {
    what,
    values: values.map((value) => value / middle),
    unit: '×',
    ...(atMost === undefined ? {} : { bar: { atMost } }),
  }
}

/** The lines of a report as a table. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map((row) => [row.what, figure(row), spread(row), barText(row), verdict(row), row.note ?? ''])
  const all = [['', 'median', 'min–max', 'bar', '', ''], ...cells]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((line) => line[column]?.length ?? 0)))
  return all
    .map((line) =>
      line
        .map((cell, column) => pad(cell, widths[column] ?? 0, column))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function isOver(row: Row): boolean {
  if (row.bar === undefined) return false
  const value = median(row.values)
  return 'atMost' in row.bar ? value > row.bar.atMost : value < row.bar.atLeast
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 || column > 3 ? cell.padEnd(width) : cell.padStart(width)
}

function figure(row: Row): string {
  return show(median(row.values), row.unit)
}

function spread({ values, unit }: Row): string {
  return `${show(Math.min(...values), unit)}–${show(Math.max(...values), unit)}`
}

function barText({ bar, unit }: Row): string {
  if (bar === undefined) return ''
  return 'atMost' in bar ? `≤ ${show(bar.atMost, unit)}` : `≥ ${show(bar.atLeast, unit)}`
}

function verdict(row: Row): string {
  if (row.bar === undefined) return ''
  return isOver(row) ? 'OVER' : 'ok'
}

function show(value: number, unit: Row['unit']): string {
  if (unit === '×') return `× ${value.toFixed(2)}`
  if (unit === 's') return `${value.toFixed(3)} s`
  return unit === 'MB' ? `${value.toFixed(0)} MB` : `${Math.round(value / 1000)}k rows/s`
}
