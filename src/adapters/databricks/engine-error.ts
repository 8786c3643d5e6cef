/** What the engine says about a failed statement, taken apart. */
export interface EngineError {
  /** `TABLE_OR_VIEW_NOT_FOUND`, with its sub-class behind a dot; undefined for errors without a class. */
  readonly errorClass: string | undefined
  readonly message: string
  readonly sqlState: string | undefined
  /** Line from 1, column from 0, in code points of the statement. */
  readonly position: { readonly line: number; readonly column: number } | undefined
  /** Names that the engine suggests. */
  readonly candidates: readonly string[]
  /** The name at fault. */
  readonly name: string | undefined
}

/** The parts of the driver's response to a failed statement that say what happened. */
export interface ErrorResponse {
  readonly errorMessage?: string | null | undefined
  readonly displayMessage?: string | null | undefined
  readonly sqlState?: string | null | undefined
}

/** Reads the server's text: the class, the message and the place, without the Java stack and the plan behind them. */
export function parseEngineError(response: ErrorResponse): EngineError {
  const raw = response.displayMessage || response.errorMessage || ''
  const cause = causeOf(raw)
  if (cause !== undefined) return parseEngineError({ errorMessage: cause })
  const text = raw.split(/\n\s*at [\w.$]+\(/, 1)[0] ?? ''
  const classes = [...text.matchAll(/\[([A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)*)\]/g)]
  const [first] = classes
  // The class stands twice: in front of the Java class and behind it.
  const named = classes.findLast((match) => match[1] === first?.[1] && match.index < 600) ?? first
  const body =
    named === undefined
      ? text.replace(/^[\w.]+Exception: (?:Error running query: )?/, '')
      : text.slice(named.index + named[0].length)
  const message = readable(body)
  return {
    errorClass: named?.[1],
    message: message === '' ? 'the engine gave no reason' : message,
    sqlState: response.sqlState ?? /SQLSTATE: ([0-9A-Z]{5})/.exec(text)?.[1],
    position: positionIn(body),
    candidates: candidatesIn(body),
    name: nameIn(body),
  }
}

/** Errors of a task say that writing failed; what was wrong with the row stands behind them, in the stack. */
const ofTask = /\[(?:TASK_WRITE_FAILED|FAILED_EXECUTE_UDF)\]/

function causeOf(raw: string): string | undefined {
  if (!ofTask.test(raw.slice(0, 600))) return undefined
  const causes = raw.matchAll(/Caused by: [\w.$]+: \[[A-Z][\s\S]*?(?=\n\s*at [\w.$]+\(|\nCaused by:|$)/g)
  return [...causes].map(([text]) => text).findLast((text) => !ofTask.test(text))
}

/** Up to the SQLSTATE, the statement's excerpt or the plan; in one line, without the engine's general advice. */
function readable(body: string): string {
  const end = /\s*SQLSTATE: |\n== |;\s*line \d+ pos \d+|\(line \d+, pos \d+\)|\n'?[A-Z]\w+(?: .*)?\n[+:]- /.exec(body)
  const text = end === null ? body : body.slice(0, end.index)
  return text
    .replace(/ ?Did you mean one of the following\? \[.*?\]\./s, '')
    .replace(/ ?Verify the spelling and correctness of the (?:schema|catalog)[\s\S]*$/, '')
    .replace(/ ?Correct the value as per the syntax[\s\S]*$/, '')
    .replace(/ You can set '?spark\.[\s\S]*$/, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ')
    .replace(/\.$/, '')
}

function positionIn(body: string): EngineError['position'] {
  const found = /\(line (\d+), pos (\d+)\)/.exec(body) ?? /; line (\d+) pos (\d+)/.exec(body)
  if (found !== null) return { line: Number(found[1]), column: Number(found[2]) }
  // Errors while rows are computed count from 1.
  const running = /== SQL[^\n]*\(line (\d+), position (\d+)\) ==/.exec(body)
  return running === null ? undefined : { line: Number(running[1]), column: Number(running[2]) - 1 }
}

function candidatesIn(body: string): readonly string[] {
  const list = /Did you mean one of the following\? \[(.*?)\]\./s.exec(body)?.[1] ?? ''
  return quotedNames(list)
}

function nameIn(body: string): string | undefined {
  const quoted = /(?:table or view|with name|routine|schema|catalog|Column|column) ((?:`(?:[^`]|``)*`\.?)+)/.exec(
    body,
  )?.[1]
  return quoted === undefined ? /at or near '([^'\n]+)'/.exec(body)?.[1] : quotedNames(quoted).at(-1)
}

function quotedNames(text: string): readonly string[] {
  return [...text.matchAll(/((?:`(?:[^`]|``)*`\.?)+)/g)].flatMap((match) => {
    const last = [...(match[1] ?? '').matchAll(/`((?:[^`]|``)*)`/g)].at(-1)?.[1]
    return last === undefined ? [] : [last.replaceAll('``', '`')]
  })
}
