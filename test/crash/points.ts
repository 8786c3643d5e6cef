import type { Engine } from '../conformance/engines/index.js'
import { type Scenario, scenarios } from './scenarios.js'
import type { Stage } from './stage.js'

/** A moment of a run: before or after a call of the engine. */
export interface Moment {
  readonly call: number
  readonly when: 'before' | 'after'
}

/**
 * The scenarios of an engine: all of them, or one a strategy where a statement is slow (`FFT_CRASH_POINTS=all`: all).
 */
export function scenariosOf({ speed }: Engine): readonly Scenario[] {
  return speed === 'slow' ? essentialScenarios() : scenarios
}

/** One a strategy; with `FFT_CRASH_POINTS=all` all of them. */
export function essentialScenarios(): readonly Scenario[] {
  return wantsAll() ? scenarios : scenarios.filter(({ isEssential }) => isEssential)
}

/**
 * The moments at which a run is killed. A file: before and after every call. A server: before every call and after the
 * last; what came back to the client makes no difference there. Where a statement is slow: around three writes.
 */
export function momentsOf({ speed }: Engine, { calls }: Pick<Stage, 'calls'>): readonly Moment[] {
  const numbers = calls.map((_, index) => index + 1)
  if (speed === 'fast' || wantsAll())
    return numbers.flatMap((call) => [{ call, when: 'before' } as const, { call, when: 'after' } as const])
  const before = numbers.map((call) => ({ call, when: 'before' }) as const)
  if (speed === 'medium') return [...before, { call: calls.length, when: 'after' }]
  const writes = before.filter(({ call }) => ['execute', 'load', 'loadSeed'].includes(calls[call - 1] ?? ''))
  const chosen = [0.4, 0.7, 1].map((part) => writes[Math.ceil(part * writes.length) - 1])
  return [...new Set(chosen)].filter((moment) => moment !== undefined)
}

function wantsAll(): boolean {
  return process.env['FFT_CRASH_POINTS'] === 'all'
}
