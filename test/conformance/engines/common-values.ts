import type { TypeNames, ValueSample } from './engine.js'

/** Values of the types that every engine has, and what they are in JavaScript. */
export function commonValues(types: TypeNames): readonly ValueSample[] {
  return [
    { type: 'integer', text: '-2147483648', value: -2147483648 },
    { type: 'bigint', text: '9007199254740993', value: 9007199254740993n },
    { type: 'bigint', text: '-9223372036854775808', value: -9223372036854775808n },
    { type: 'decimal(4, 2)', text: '0.10', value: '0.10' },
    {
      type: 'decimal(38, 9)',
      text: '-12345678901234567890123456789.123456789',
      value: '-12345678901234567890123456789.123456789',
    },
    { type: types.double, text: '0.1', value: 0.1 },
    { type: types.double, text: '1.7976931348623157e308', value: Number.MAX_VALUE, isShownOtherwise: true },
    { type: types.double, text: 'NaN', value: Number.NaN, isShownOtherwise: true },
    { type: types.double, text: '-Infinity', value: Number.NEGATIVE_INFINITY, isShownOtherwise: true },
    { type: 'boolean', text: 'true', value: true, isShownOtherwise: true },
    { type: 'date', text: '1900-02-28', value: '1900-02-28' },
    { type: 'date', text: '2024-02-29', value: '2024-02-29' },
    { type: types.timestamp, text: '2024-01-01 00:00:00', value: '2024-01-01 00:00:00' },
    { type: types.timestamp, text: '1969-12-31 23:59:59.999999', value: '1969-12-31 23:59:59.999999' },
    { type: types.timestamp, text: '2024-01-02 03:04:05.12', value: '2024-01-02 03:04:05.12' },
    ...texts.map((text): ValueSample => ({ type: types.text, text, value: text })),
  ]
}

/** Texts that break whoever pastes them into SQL. */
const texts = [
  '',
  ' ',
  "it's",
  'a "quoted" `text`',
  'back\\slash \\n \\u0041',
  'two\nlines\r\nand\ttabs',
  '{{ brace }} $BRACE %s ? :name $1 --no /*comment*/',
  'NULL',
  '\\N',
  'Grüße 日本 🦆 e\u0301',
]
