import type { Relation } from '../../core/index.js'
import type { Column, SeedRequest } from '../types.js'
import type { Session } from './session.js'

export interface SeedContext {
  readonly session: Session
  readonly signal: AbortSignal
}

export async function loadSeed(
  _context: SeedContext,
  _request: SeedRequest,
  _into: Relation,
): Promise<{ readonly rows: number; readonly columns: readonly Column[] }> {
  throw new Error('not yet')
}
