import { describe, expect, it } from 'vitest'
import { arrowBatches, isArrowTable } from './arrow-batches.js'

interface Field {
  readonly name: string
  readonly type: object
  readonly values: readonly unknown[]
  /** The stored integers, where they differ from what `get` gives. */
  readonly raw?: BigInt64Array
}

function table(fields: readonly Field[], rows: number) {
  const vectors = fields.map(({ values, raw }) => ({
    length: rows,
    get: (index: number) => values[index],
    data: [{ values: raw ?? values }],
  }))
  const batch = { numRows: rows, getChildAt: (index: number) => vectors[index] ?? null }
  return { schema: { fields }, numRows: rows, batches: [batch] }
}

describe('an Arrow table', () => {
  it('gives exact timestamps, dates and decimals with their types', () => {
    const made = table(
      [
        {
          name: 'us',
          type: { typeId: 10, unit: 2 },
          values: [1.5, null],
          raw: new BigInt64Array([1704103200123456n, 0n]),
        },
        { name: 'ns', type: { typeId: 10, unit: 3 }, values: [1, 1], raw: new BigInt64Array([-1000n, 0n]) },
        { name: 'd', type: { typeId: 8 }, values: [1709164800000, null] },
        {
          name: 'n',
          type: { typeId: 7, precision: 18, scale: 3 },
          values: [
            new Uint32Array([12345, 0, 0, 0]),
            new Uint32Array([0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff]),
          ],
        },
        { name: 'big', type: { typeId: 2 }, values: [9007199254740993n, undefined] },
        { name: 'list', type: { typeId: 12 }, values: [{ toJSON: () => [1, { toJSON: () => ({ a: 2n }) }] }, null] },
      ],
      2,
    )
    expect(isArrowTable(made)).toBe(true)
    expect([...arrowBatches(made)]).toEqual([
      {
        columns: ['us', 'ns', 'd', 'n', 'big', 'list'],
        types: ['timestamp', 'timestamp', 'date', 'decimal(18, 3)', undefined, undefined],
        rows: 2,
        values: [
          ['2024-01-01 10:00:00.123456', null],
          ['1969-12-31 23:59:59.999999', '1970-01-01 00:00:00'],
          ['2024-02-29', null],
          ['12.345', '-0.001'],
          [9007199254740993n, null],
          [[1, { a: 2n }], null],
        ],
      },
    ])
  })

  it('without batches still names its columns', () => {
    const made = { ...table([{ name: 'a', type: { typeId: 2 }, values: [] }], 0), batches: [] }
    expect([...arrowBatches(made)]).toEqual([{ columns: ['a'], values: [[]], rows: 0, types: [undefined] }])
  })

  it('is told from rows and batches', () => {
    for (const value of [null, 1, {}, { schema: 'main', numRows: 3 }, { columns: [], values: [] }]) {
      expect(isArrowTable(value)).toBe(false)
    }
  })
})
