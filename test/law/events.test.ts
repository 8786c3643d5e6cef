import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../conformance/engines/index.js'
import { onEveryEngine } from '../conformance/on-every-engine.js'
import { naiveEvents, type SourceEvent } from './naive-events.js'
import { OneModel } from './one-model.js'

const asked = Number(process.env['FFT_LAW_RUNS'] ?? 0)
const usual = { fast: 120, medium: 30, slow: 1 }

const config =
  "materialized='incremental', strategy='cdc', unique_key='id', cdc={'op': 'op', 'sequence': ['lsn', 'part']}"

/** What an event says follows from its key, kind and sequence, so that none contradicts another. */
const event: fc.Arbitrary<SourceEvent> = fc
  .record({
    id: fc.integer({ min: 1, max: 3 }),
    op: fc.constantFrom('c', 'u', 'd', 'r'),
    lsn: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ id, op, lsn }) => {
    const change = (['c', 'u', 'd'] as const)[(id + lsn) % 3] ?? 'u'
    const isRead = op === 'r'
    return { id, op: isRead ? op : change, lsn, v: change === 'd' && !isRead ? null : id * 100 + lsn }
  })

/** Batches in any order; what was delivered may be delivered again. */
const batches = fc.array(fc.array(event, { maxLength: 6 }), { minLength: 1, maxLength: 4 })

onEveryEngine(
  'the law of change events',
  (engine) => {
    describe('by two columns', () => {
      let world: OneModel
      beforeAll(async () => {
        const body = "select id, op, lsn, part, v from {{ source('raw', 'src') }}"
        world = await OneModel.open(engine, { config, body })
      })
      afterAll(() => world.close())

      const law = fc.asyncProperty(batches, async (given) => {
        await world.clear()
        const delivered: SourceEvent[] = []
        for (const batch of given) {
          delivered.push(...batch)
          await deliver(world, engine, batch)
          const expected = naiveEvents(delivered)
          const live = expected.filter(({ op }) => op !== 'd').map(({ id, v }) => JSON.stringify([id, v].map(shown)))
          expect(await world.rows('id, v')).toEqual(live.sort())
          const stored = 'id, v, _fft_seq, _fft_seq_2, _fft_op, _fft_deleted'
          expect(await world.rows(stored, 'm__cdc')).toEqual(expected.map(storedRow).sort())
        }
      })
      test(
        'after every batch the rows are those of the last event of each key, however often and in whatever order they came',
        () => fc.assert(law, asked > 0 ? { numRuns: asked } : { numRuns: usual[engine.speed], seed: 20_240_103 }),
        300_000,
      )
    })
  },
  'whenAsked',
)

function shown(value: unknown): string | null {
  return value === null ? null : String(value)
}

/** The sequence as two columns: a pair is smaller where the first is. */
function sequenceOf(lsn: number): readonly [number, number] {
  return [Math.floor(lsn / 4), lsn % 4]
}

function storedRow({ id, v, lsn, op }: SourceEvent): string {
  return JSON.stringify([id, v, ...sequenceOf(lsn), op, op === 'd'].map(shown))
}

async function deliver(world: OneModel, { words }: Engine, batch: readonly SourceEvent[]): Promise<void> {
  const rows = batch.map(({ id, op, lsn, v }) => `(${id}, '${op}', ${sequenceOf(lsn).join(', ')}, ${v ?? 'null'})`)
  await world.setSource(`id integer, op ${words.types.text}, lsn integer, part integer, v integer`, rows)
  await world.run({ now: new Date(Date.UTC(2024, 0, 1)), batches: false, fullRefresh: false })
}
