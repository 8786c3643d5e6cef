declare module 'nunjucks/src/lexer.js' {
  interface NunjucksToken {
    readonly type: string
    readonly value: string
    readonly lineno: number
    readonly colno: number
  }
  class Tokenizer {
    constructor(source: string, options?: object)
    readonly str: string
    readonly len: number
    index: number
    in_code: boolean
    nextToken(): NunjucksToken | null
  }
  const lexer: {
    lex(source: string, options?: object): Tokenizer
    readonly TOKEN_STRING: 'string'
    readonly TOKEN_DATA: 'data'
    readonly TOKEN_BLOCK_START: 'block-start'
    readonly TOKEN_BLOCK_END: 'block-end'
    readonly TOKEN_VARIABLE_START: 'variable-start'
    readonly TOKEN_VARIABLE_END: 'variable-end'
    readonly TOKEN_COMMENT: 'comment'
    readonly TOKEN_INT: 'int'
    readonly TOKEN_FLOAT: 'float'
    readonly TOKEN_SYMBOL: 'symbol'
  }
  export = lexer
}

declare module 'nunjucks/src/parser.js' {
  class Parser {
    constructor(tokens: object)
    tokens: object
    peeked: unknown
    breakOnBlocks: readonly string[] | null
    dropLeadingWhitespace: boolean
    nextToken(withWhitespace?: boolean): unknown
    peekToken(): unknown
    pushToken(token: unknown): void
    skip(type: string): boolean
    skipValue(type: string, value: string): boolean
    skipSymbol(name: string): boolean
    parseOr(): unknown
    parseAnd(): unknown
    parseUntilBlocks(...names: string[]): unknown
    parse(): unknown
  }
  const parser: { readonly Parser: typeof Parser }
  export = parser
}
