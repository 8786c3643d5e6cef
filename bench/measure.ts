import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What one whole process cost. */
export interface Cost {
  readonly wallSeconds: number
  /** User and system time of all threads. */
  readonly cpuSeconds: number
  readonly peakMegabytes: number
}

/** A process to measure: Node with these arguments. */
export interface Process {
  readonly args: readonly string[]
  readonly cwd?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Brings files into the state that the process starts from; not measured. */
  readonly before?: () => void
}

const command = process.env.FFT_BENCH_COMMAND ?? fileURLToPath(new URL('../dist/fft.cjs', import.meta.url))

/** A process of `fft` in a project. */
export function fft(project: string, ...args: readonly string[]): Process {
  return { args: [command, ...args], cwd: project }
}

/** The least that a Node process costs. */
export const emptyNode: Process = { args: ['-e', '0'] }

/** Costs by the names of the processes, one for each round. */
export type Costs<Name extends string> = Readonly<Record<Name, readonly Cost[]>>

/** Runs processes in turns, so that a busy moment of the machine hits all of them alike. */
export function measure<Name extends string>(processes: Readonly<Record<Name, Process>>, rounds: number): Costs<Name> {
  const entries = Object.entries<Process>(processes)
  const costs = Object.fromEntries(entries.map(([name]) => [name, [] as Cost[]]))
  // The first time reads files that later times find in memory.
  for (const [, each] of entries) run(each)
  for (let round = 0; round < rounds; round++) {
    for (const [name, each] of entries) costs[name]?.push(run(each))
  }
  return costs as Record<Name, Cost[]>
}

/** Runs a process once; throws with its output when it fails. */
export function run({ args, cwd, environment, before }: Process): Cost {
  before?.()
  // The shell's `time` has milliseconds and knows of waited-for children; Node 20 does not tell of them.
  const script = 'TIMEFORMAT="%R %U %S"; { time "$@" 2>&3 3>&-; } 3>&2 2>"$FFT_TIMES"'
  const timed = ['-c', script, 'bash', ...peakCommand, process.execPath, ...args]
  const done = spawnSync('bash', timed, {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, ...environment, FFT_TIMES: files.times, LC_ALL: 'C' },
  })
  if (done.status !== 0) throw new Error(`${args.join(' ')} ended with ${done.status ?? done.signal}:\n${done.stderr}`)
  const [wallSeconds = 0, user = 0, system = 0] = readFileSync(files.times, 'utf8').trim().split(' ').map(Number)
  return { wallSeconds, cpuSeconds: user + system, peakMegabytes: Number(readFileSync(files.peak, 'utf8')) / 1024 }
}

const folder = mkdtempSync(join(tmpdir(), 'fft-bench-times-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const files = { times: join(folder, 'times'), peak: join(folder, 'peak') }
const peakCommand = ['/usr/bin/time', '-f', '%M', '-o', files.peak]

export const wall = (cost: Cost): number => cost.wallSeconds
export const cpu = (cost: Cost): number => cost.cpuSeconds
export const peak = (cost: Cost): number => cost.peakMegabytes

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[middle]]
  return (low + high) / 2
}

/**
 * Each way follows each other one about as often: what a rollback leaves behind is paid by the next. (Starting
 * elsewhere in the same circle would keep who follows whom.)
 */
export function inTurn<Entry>(entries: readonly Entry[], round: number): readonly Entry[] {
  const left = [...entries]
  const turn: Entry[] = []
  for (let number = round; left.length > 0; number = Math.floor(number / (left.length + 1))) {
    turn.push(...left.splice(number % left.length, 1))
  }
  return turn
}
