/** A macro of the project, with its text. */
export interface MacroText {
  readonly name: string
  /** Path from the project folder. */
  readonly path: string
  readonly text: string
}

/** Finds which macros a template's text names, itself or through other macros; by name, as nothing is rendered. */
export function macroUses(macros: readonly MacroText[]): (code: string) => readonly MacroText[] {
  const byName = new Map(macros.map((macro) => [macro.name, macro]))
  const named = (code: string) => {
    if (byName.size === 0) return []
    return [...new Set(code.match(/[A-Za-z_]\w*/g))].flatMap((word) => byName.get(word) ?? [])
  }
  const direct = new Map(macros.map((macro) => [macro, named(macro.text)]))
  return (code) => {
    const found = new Set<MacroText>()
    const waiting = [...named(code)]
    for (let macro = waiting.pop(); macro !== undefined; macro = waiting.pop()) {
      if (found.has(macro)) continue
      found.add(macro)
      waiting.push(...(direct.get(macro) ?? []))
    }
    return macros.filter((macro) => found.has(macro))
  }
}

/** The macros of a file, each with its own text. */
export function macrosOf(file: { readonly path: string; readonly text: string }): readonly MacroText[] {
  const begin = /\{%-?\s*(?:macro|test|materialization)\s+([A-Za-z_]\w*)/g
  return [...file.text.matchAll(begin)].map((match) => {
    const rest = file.text.slice(match.index)
    const end = /\{%-?\s*end(?:macro|test|materialization)\b[^%]*%\}/.exec(rest)
    return {
      name: match[1] ?? '',
      path: file.path,
      text: end === null ? rest : rest.slice(0, end.index + end[0].length),
    }
  })
}
