import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, extname, resolve } from 'node:path'
import { decodeStringToken } from './string-token.js'
import { type Token, tokenizeTypeScript } from './typescript-tokens.js'

/** An import of a file, with the place of its specifier. */
export interface ImportSpecifier {
  readonly specifier: string
  readonly token: Token
}

/** All specifiers that the tokens import: `import`, `export … from`, `import(…)`, `require(…)`. */
export function importSpecifiers(tokens: readonly Token[]): readonly ImportSpecifier[] {
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'string') return []
    const before = tokens[index - 1]?.text
    const isImport = before === 'from' || before === 'import' || (before === '(' && isLoader(tokens[index - 2]))
    const decoded = isImport ? decodeStringToken(token) : undefined
    return decoded === undefined ? [] : [{ specifier: decoded.text, token }]
  })
}

function isLoader(token: Token | undefined): boolean {
  return token?.text === 'import' || token?.text === 'require'
}

/** Finds the project files that a file imports, also through other files; each file is read once. */
export class ProjectImports {
  readonly #direct = new Map<string, readonly string[]>()

  /** Absolute paths of everything that the file imports by relative path, sorted; the file itself is not in it. */
  importedBy(absolutePath: string, text: string): readonly string[] {
    this.#direct.set(absolutePath, directImports(absolutePath, text))
    const seen = new Set<string>()
    const waiting = [absolutePath]
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      for (const imported of this.#importsOf(path)) {
        if (seen.has(imported)) continue
        seen.add(imported)
        waiting.push(imported)
      }
    }
    seen.delete(absolutePath)
    return [...seen].sort()
  }

  #importsOf(path: string): readonly string[] {
    let imports = this.#direct.get(path)
    if (imports === undefined) {
      imports = /\.[cm]?[jt]sx?$/.test(path) ? directImports(path, readFileSync(path, 'utf8')) : []
      this.#direct.set(path, imports)
    }
    return imports
  }
}

function directImports(path: string, text: string): readonly string[] {
  return importSpecifiers(tokenizeTypeScript(text)).flatMap(({ specifier }) => {
    if (!specifier.startsWith('.') && !specifier.startsWith('/')) return []
    const found = resolveFile(resolve(dirname(path), specifier))
    return found === undefined ? [] : [found]
  })
}

const extensions = ['.ts', '.js', '.mjs', '.cjs', '.mts', '.cts', '.tsx', '.json']

function resolveFile(path: string): string | undefined {
  const extension = extname(path)
  const typescript = /^\.[cm]?js$/.test(extension) ? [`${path.slice(0, -2)}ts`] : []
  const candidates = [
    path,
    ...typescript,
    ...extensions.map((each) => path + each),
    ...extensions.map((each) => resolve(path, `index${each}`)),
  ]
  return candidates.find((each) => existsSync(each) && statSync(each).isFile())
}
