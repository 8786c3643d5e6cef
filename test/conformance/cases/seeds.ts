import { expect } from 'vitest'
import { type Case, expectCounts, type Lab, proving, sparing } from '../lab.js'

const types: readonly Case[] = [
  {
    title: 'a seed has the types of its values over the whole file; empty is NULL, quoted empty is the empty text',
    run: async (lab) => {
      const { types } = lab
      await lab.folder.write({
        'seeds/s.csv': [
          'id,zip,amount,ok,day,seen,note,late',
          '1,00123,1.50,true,2024-01-01,2024-01-01 10:00:00.123456,"",1',
          ',+49,,,,,,2.5',
          '3,7,-2,false,2024-02-29,2024-02-29,"it\'s ""so"",\nand \\so",x',
          '',
        ].join('\n'),
      })
      expect((await lab.fft('seed')).code).toBe(0)
      expect(await lab.columns('s')).toEqual(['id', 'zip', 'amount', 'ok', 'day', 'seen', 'note', 'late'])
      const expected = {
        id: 'bigint',
        zip: types.text,
        amount: types.double,
        ok: 'boolean',
        day: 'date',
        late: types.text,
      }
      for (const [column, type] of Object.entries(expected)) await lab.expectType('s', column, type)
      expect(
        await lab.rows('s', "id, zip, amount, case when ok then 'yes' else 'no' end, day, seen, note, late"),
      ).toEqual([
        ['1', '00123', '1.5', 'yes', '2024-01-01', '2024-01-01 10:00:00.123456', '', '1'],
        [
          '3',
          '7',
          expect.stringMatching(/^-2(\.0)?$/),
          'no',
          '2024-02-29',
          '2024-02-29 00:00:00',
          'it\'s "so",\nand \\so',
          'x',
        ],
        [null, '+49', null, 'no', null, null, null, '2.5'],
      ])
    },
  },
  {
    title: 'column_types win over the values, and a seed without rows has its columns',
    run: async (lab) => {
      const { types } = lab
      await lab.folder.write({
        'seeds/s.csv': 'id,zip,amount\n1,123,1.5\n',
        'seeds/none.csv': 'a,"odd ""name"""\n',
        'seeds/seeds.yml': `version: 2\nseeds:\n  - name: s\n    config: {column_types: {zip: ${types.text}, amount: "decimal(10,2)"}}\n`,
      })
      expect((await lab.fft('seed')).code).toBe(0)
      expect(await lab.rows('s')).toEqual([['1', '123', '1.50']])
      await lab.expectType('s', 'zip', types.text)
      await lab.expectType('s', 'amount', 'decimal(10,2)')
      expect(await lab.columns('none')).toEqual(['a', 'odd "name"'])
      expect(await lab.rows('none')).toEqual([])
    },
  },
]

const again: readonly Case[] = [
  {
    title: 'a seed is loaded anew with other columns, and what reads it goes on',
    run: async (lab) => {
      await lab.folder.write({ 'seeds/s.csv': 'id,v\n1,a\n2,b\n' })
      await lab.model('n', "materialized='view'", "select id, v from {{ ref('s') }}")
      const built = await lab.fft('build')
      expect(built.code, built.stderr).toBe(0)
      expect(await lab.rows('n')).toEqual(await lab.rows('s'))
      await lab.folder.write({ 'seeds/s.csv': 'v,id,more\nc,3,x\n' })
      const again = await lab.fft('build')
      expect(again.code, again.stderr).toBe(0)
      expectCounts(nodeRows(again.nodes['s']), 1)
      expect(await lab.columns('s')).toEqual(['v', 'id', 'more'])
      expect(await lab.rows('n')).toEqual([['3', 'c']])
      expect(await lab.leftovers()).toEqual([])
    },
  },
  {
    title: 'a malformed file is an error at its physical line, and the old table stays',
    run: async (lab) => {
      await lab.folder.write({ 'seeds/s.csv': 'id,v\n1,a\n' })
      expect((await lab.fft('seed')).code).toBe(0)
      for (const [file, line] of [
        ['id,v\n1,"a\nb"\n2,b,c\n', 4],
        ['id,v\n1,a\n"2,b\n', 3],
      ] as const) {
        await lab.folder.write({ 'seeds/s.csv': file })
        const failed = await lab.fft('seed')
        expect([failed.code, failed.nodes['s']?.code, failed.nodes['s']?.file, failed.nodes['s']?.line]).toEqual([
          1,
          'seed-malformed',
          'seeds/s.csv',
          line,
        ])
        expect(await lab.rows('s')).toEqual([['1', 'a']])
        expect(await lab.leftovers()).toEqual([])
      }
    },
  },
  {
    title: 'a seed of twenty thousand rows keeps them all, awkward texts included',
    run: async (lab) => {
      const texts = ['plain', "it's", '"q"', 'a,b', 'x\ny', 'back\\slash', '', 'Grüße 🦆']
      const cell = (index: number) => texts[index % texts.length] ?? ''
      const rows = Array.from({ length: 20_000 }, (_, index) => `${index},"${cell(index).replaceAll('"', '""')}"`)
      await lab.folder.write({ 'seeds/s.csv': `id,v\n${rows.join('\n')}\n` })
      const { code, nodes, stderr } = await lab.fft('seed')
      expect(code, stderr).toBe(0)
      expectCounts(nodeRows(nodes['s']), 20_000)
      const counted = await lab.query('select v, count(*), min(id), max(id) from {s} group by v')
      expect(counted).toEqual(
        texts
          .map((text, index) => [text, '2500', String(index), String(19_992 + index)])
          .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
      )
    },
  },
]

function nodeRows(node: Awaited<ReturnType<Lab['fft']>>['nodes'][string] | undefined) {
  if (node === undefined) throw new Error('the seed did not run')
  return node
}

/** `contract.md` §4: seeds. */
export const seeds = proving('seeds', sparing([...types, ...again], /has the types|malformed/, 'loading is one path'))
