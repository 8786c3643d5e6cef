import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CsvFault } from './csv-fault.js'
import { CsvScan } from './csv-scan.js'

function scan(content: string | Uint8Array, chunkBytes = 1_000_000): CsvScan {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const scanner = new CsvScan(44)
  for (let start = 0; start < bytes.length; start += chunkBytes) scanner.push(bytes.subarray(start, start + chunkBytes))
  scanner.finish()
  return scanner
}

function faultOf(content: string | Uint8Array, chunkBytes?: number): string {
  try {
    scan(content, chunkBytes)
    return 'none'
  } catch (fault) {
    if (!(fault instanceof CsvFault)) throw fault
    return `${fault.line}: ${fault.message}`
  }
}

function typeOf(...values: readonly string[]): string {
  return scan(`a,b\n${values.map((value) => `${value},x\n`).join('')}`).columns?.types()[0] ?? ''
}

describe('types', () => {
  it('are the narrowest that hold every value without losing a digit', () => {
    const cases: [readonly string[], string][] = [
      [['1', '-2', '0'], 'BIGINT'],
      [['9223372036854775807'], 'BIGINT'],
      [['9223372036854775808'], 'DECIMAL(38,0)'],
      [['1', '2.5'], 'DOUBLE'],
      [['1e-7', '2.5', '3E+10'], 'DOUBLE'],
      [['0.30000000000000004'], 'DOUBLE'],
      [['-0', '1'], 'VARCHAR'],
      [['.5', '5.', '-.25'], 'DOUBLE'],
      [['12345678901234567.89', '1'], 'DECIMAL(38,2)'],
      [['9007199254740993', '0.5'], 'DECIMAL(38,1)'],
      [['true', 'FALSE', ''], 'BOOLEAN'],
      [['true', '1'], 'VARCHAR'],
      [['yes'], 'VARCHAR'],
      [['t'], 'VARCHAR'],
      [['2024-02-29'], 'DATE'],
      [['2023-02-29'], 'VARCHAR'],
      [['2024-01-01', '2024-01-01 10:00'], 'TIMESTAMP'],
      [['2024-01-01T10:00:00.123456'], 'TIMESTAMP'],
      [['2024-01-01 10:00:00.1234567'], 'VARCHAR'],
      [['2024-01-01 25:00:00'], 'VARCHAR'],
      [['2024-01-01T10:00:00Z', '2024-01-01 10:00:00+02:00'], 'TIMESTAMP WITH TIME ZONE'],
      [['2024-01-01T10:00:00Z', '2024-01-01'], 'VARCHAR'],
      [['2024-01-01', '5'], 'VARCHAR'],
      [['10:00:00'], 'VARCHAR'],
      [['1_000'], 'VARCHAR'],
      [['nan'], 'VARCHAR'],
      [['1e5', '2.5E-3'], 'DOUBLE'],
      [['"1"', '"2"'], 'BIGINT'],
      [['"1"', '""'], 'VARCHAR'],
      [['', ''], 'VARCHAR'],
      [[], 'VARCHAR'],
      [[' 1'], 'VARCHAR'],
      [['-'], 'VARCHAR'],
      [['0.5', '0'], 'DOUBLE'],
      [['00.5'], 'VARCHAR'],
      [['1.2.3'], 'VARCHAR'],
      [['1234-56'], 'VARCHAR'],
      [['12345678901234567890123456789012345678901'], 'VARCHAR'],
    ]
    for (const [values, type] of cases) expect([values, typeOf(...values)]).toEqual([values, type])
  })

  it('take leading zeros and plus signs for text', () => {
    for (const value of ['007', '+5', '-05', '0000', '+1.5', '+49 30 1234'])
      expect([value, typeOf('1', value)]).toEqual([value, 'VARCHAR'])
  })

  it('look at every row', () => {
    expect(typeOf(...Array.from({ length: 5000 }, (_, index) => String(index)), 'n/a')).toBe('VARCHAR')
  })
})

describe('faults', () => {
  it('are found at their physical line', () => {
    const cases: [string | Uint8Array, string][] = [
      ['', '1: the file is empty'],
      ['\n\n', '1: the file is empty'],
      ['\ufeff', '1: the file is empty'],
      ['a,b\n1,2\n3\n', '3: the row has 1 value, the header names 2 columns'],
      ['a,b\n1,2,\n', '2: the row has 3 values, the header names 2 columns'],
      ['a,b\r\n"x\r\ny\r\nz",1\r\n1,2,3\r\n', '5: the row has 3 values, the header names 2 columns'],
      ['a,b\n"x\ny"\n1,2\n', '2: the row has 1 value, the header names 2 columns'],
      ['a,b\n1,2\n"x,3\n4,5\n', '3: a quote that opens on this line is never closed'],
      ['a,b\n"x"y,2\n', '2: text follows a closing quote: "x"y'],
      ['a,b\n1,2\n"p\nq"z,2\n', '4: text follows a closing quote: "p\nq"z'],
      ['a,b,A\n', "1: the header has the column 'A' twice (also as 'a': letter case makes no difference)"],
      ['a,b,a\n', "1: the header has the column 'a' twice"],
      ['a,,c\n', '1: column 2 has no name in the header'],
      ['a,b,\n', '1: column 3 has no name in the header'],
      ['a," "\n', '1: column 2 has no name in the header'],
      [Buffer.from([97, 44, 98, 10, 49, 44, 50, 10, 0xff, 44, 50, 10]), '3: the line is not UTF-8'],
      [Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), '1: the line is not UTF-8'],
    ]
    for (const [content, fault] of cases) {
      for (const chunkBytes of [1, 2, 3, 7, 1_000])
        expect([content, chunkBytes, faultOf(content, chunkBytes)]).toEqual([content, chunkBytes, fault])
    }
  })

  it('are not blank lines, quotes inside text, blanks around quotes, or a missing last line end', () => {
    for (const content of [
      'a,b\n\n1,2\n\n',
      '\n\na,b\n1,2',
      'a,b\n5" pipe,2\n',
      'a,b\n "x" ,"y"\n',
      'a,b\r1,2\r',
      'a,b\r\n1,2\n3,4\r\n',
      'a\n1\n\n2',
    ]) {
      for (const chunkBytes of [1, 2, 5, 1_000])
        expect([content, faultOf(content, chunkBytes)]).toEqual([content, 'none'])
    }
  })
})

it('counts rows and values the same however the file is cut into chunks', () => {
  const field = fc.oneof(
    fc.constantFrom('', '1', '-2.5', '""', '2024-01-01', 'true'),
    fc
      .string({ unit: fc.constantFrom('a', 'ü', '"', ',', '\n', '\r', ' ', '🦆') })
      .map((value) => `"${value.replaceAll('"', '""')}"`),
  )
  const lineEnd = fc.constantFrom('\n', '\r\n')
  const file = fc.tuple(
    fc.array(fc.tuple(field, field, field), { maxLength: 12 }),
    lineEnd,
    fc.integer({ min: 1, max: 40 }),
  )
  fc.assert(
    fc.property(file, ([rows, end, chunkBytes]) => {
      const content = ['a,b,c', ...rows.map((row) => row.join(','))].join(end) + end
      const whole = scan(content)
      const cut = scan(content, chunkBytes)
      const seen = (scanner: CsvScan) => [
        scanner.rows,
        scanner.columns?.types(),
        [0, 1, 2].map((column) => scanner.columns?.valuesIn(column)),
        scanner.longestRecordBytes,
      ]
      expect(seen(cut)).toEqual(seen(whole))
      expect(whole.rows).toBe(rows.length)
      expect(whole.columns?.valuesIn(1)).toBe(rows.filter((row) => row[1] !== '').length)
    }),
  )
})
