import { diagnostic, usageError } from './diagnostics.js'

/**
 * Reads `--vars` (or `flag`): each text is `name=value`, with a YAML value, or a whole YAML or JSON map. Later ones win.
 * Throws ProjectError 'bad-vars'.
 */
export async function parseVars(texts: readonly string[], flag = '--vars'): Promise<Readonly<Record<string, unknown>>> {
  if (texts.length === 0) return {}
  // Loaded only here: most commands have no --vars, and YAML costs start-up time.
  const { parseYamlText: parse } = await import('./yaml-text.js')
  const maps = texts.map((text) => {
    try {
      const pair = /^\s*([A-Za-z_][\w.-]*)=(.*)$/s.exec(text)
      return pair === null ? asMap(parse(text), text, flag) : { [pair[1] ?? '']: scalar(parse, pair[2] ?? '') }
    } catch (error) {
      if (!(error instanceof Error) || error.name === 'ProjectError') throw error
      throw usageError(
        diagnostic('bad-vars', { flag, text, reason: (error.message.split('\n')[0] ?? '').replace(/:$/, '') }),
      )
    }
  })
  return Object.assign({}, ...maps)
}

function scalar(parse: (text: string) => unknown, text: string): unknown {
  return text.trim() === '' ? '' : parse(text)
}

function asMap(value: unknown, text: string, flag: string): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw usageError(diagnostic('bad-vars', { flag, text, reason: 'there is no name=value in it' }))
}
