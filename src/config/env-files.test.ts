import { describe, expect, it } from 'vitest'
import { envFileNames, layerEnv, parseEnvFile } from './env-files.js'

function values(text: string): Record<string, string> {
  return Object.fromEntries(parseEnvFile({ file: '.env', text }).values)
}

describe('parseEnvFile', () => {
  it('reads plain values, comments, export and empty values', () => {
    const text = '# c\nA=1\nexport B = two words # c\nC=\nD=a#b\n\n  E = x\n#F=1\nG= # c\nH=last'
    expect(values(text)).toEqual({ A: '1', B: 'two words', C: '', D: 'a#b', E: 'x', G: '', H: 'last' })
  })

  it('takes single quotes literally and follows escapes in double quotes', () => {
    const text = `A='a\\n # b'\nB="a\\nb\\t\\"c\\" \\\\ # d" # c\nC="two\nlines"\nD=''`
    expect(values(text)).toEqual({ A: 'a\\n # b', B: 'a\nb\t"c" \\ # d', C: 'two\nlines', D: '' })
  })

  it('handles CRLF, a byte order mark and equal signs in values', () => {
    expect(values('\uFEFFA=1\r\nB="x"\r\nDSN=postgres://u:p@h/db?a=b&c=d\r\n')).toEqual({
      A: '1',
      B: 'x',
      DSN: 'postgres://u:p@h/db?a=b&c=d',
    })
  })

  it('warns of a line that is no assignment and goes on', () => {
    const { values: read, diagnostics } = parseEnvFile({ file: '.env', text: 'A=1\nwhat is this\nB="open\nC=2\n' })
    expect(read).toEqual([
      ['A', '1'],
      ['C', '2'],
    ])
    expect(diagnostics.map(({ code, severity, span }) => [code, severity, span?.line])).toEqual([
      ['env-file-line', 'warning', 2],
      ['env-file-line', 'warning', 3],
    ])
  })
})

describe('layerEnv', () => {
  it('lets later files win over earlier ones and the process over all, and remembers who won', () => {
    const files = envFileNames('dev').map((file, index) => ({ file, text: `X${index}=${file}\nALL=${file}\nP=file` }))
    const env = layerEnv(files, { P: 'process', GONE: undefined })
    expect(files.map(({ file }) => file)).toEqual(['.env', '.env.local', '.env.dev', '.env.dev.local'])
    expect(env.values).toEqual({
      ...{ X0: '.env', X1: '.env.local', X2: '.env.dev', X3: '.env.dev.local' },
      ALL: '.env.dev.local',
      P: 'process',
    })
    expect([env.from('ALL'), env.from('P'), env.from('X0'), env.from('NONE')]).toEqual([
      '.env.dev.local',
      'process',
      '.env',
      undefined,
    ])
  })
})
