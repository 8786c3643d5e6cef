import { FftError, type SourceSpan, suggest } from '../core/index.js'
import { describeValue } from './diagnostics.js'

/** The model that a failure belongs to. */
export interface FailingModel {
  readonly name: string
  readonly span: SourceSpan
}

/** An exception that came out of the model's own code. */
export function modelThrew(model: FailingModel, message: string, place: SourceSpan, cause: unknown): FftError {
  return new FftError(`model '${model.name}' threw: ${message}`, { code: 'model-threw', span: place, cause })
}

const accepted =
  'return rows (a list, an iterable or async iterable of objects), column batches, an Arrow table, an input, or sql`…`'

/** The model returned, or its iterable gave, something that is no rows. */
export function modelResult(model: FailingModel, what: string): FftError {
  return new FftError(`model '${model.name}' ${what}`, { code: 'model-result', hint: accepted, span: model.span })
}

/** The function asks for the name of its window, but there are several: it is called again for each of them. */
export function batchIdOfSeveral(model: FailingModel): FftError {
  return new FftError(`model '${model.name}' asks for batch.id after it has given rows for several windows`, {
    code: 'batch-id-of-several',
    hint: 'read ctx.batch.id before the first row, or run with --batches',
    span: model.span,
  })
}

/** A column that the first batch did not have. */
export function columnAppeared(model: FailingModel, column: string, row: number): FftError {
  return new FftError(
    `model '${model.name}': row ${row} has a new column '${column}' that the first rows do not have`,
    {
      code: 'column-appeared',
      hint: `give every row the same keys, or declare it: columns: { ${quoteKey(column)}: '<type>' }`,
      span: model.span,
    },
  )
}

export interface ChangedType {
  readonly column: string
  /** 1-based, over the whole stream. */
  readonly row: number
  readonly value: unknown
  /** What the rows before had, in words. */
  readonly before: string
  /** The type that the column got from the first rows, if it got one. */
  readonly type?: string | undefined
}

/** A value that does not fit the type that the rows before gave the column. */
export function columnTypeChanged(model: FailingModel, changed: ChangedType): FftError {
  const { column, row, value, before, type } = changed
  const inferred = type === undefined ? '' : `, so it is ${type}`
  return new FftError(
    `model '${model.name}': column '${column}' has ${describeValue(value)} in row ${row}, but ${before} before it${inferred}`,
    {
      code: 'column-type-changed',
      hint: `declare its type: columns: { ${quoteKey(column)}: '<type>' }`,
      span: model.span,
    },
  )
}

/** A value that no column can hold. */
export function valueNotStorable(model: FailingModel, column: string, row: number, value: unknown): FftError {
  return new FftError(`model '${model.name}': column '${column}' has ${describeValue(value)} in row ${row}`, {
    code: 'value-not-storable',
    hint: 'a value is text, a number, a bigint, a boolean, a Date, bytes, a list, an object or null',
    span: model.span,
  })
}

/** One row names a column twice, in different letter case. */
export function columnTwice(model: FailingModel, names: readonly [string, string], row: number): FftError {
  return new FftError(`model '${model.name}': row ${row} has '${names[0]}' and '${names[1]}', which are one column`, {
    code: 'column-twice',
    hint: 'the engine ignores letter case in names: keep one of them',
    span: model.span,
  })
}

/** No rows and nothing that says which columns there are. */
export function noColumns(model: FailingModel): FftError {
  return new FftError(`model '${model.name}' returned no rows, so its columns are not known`, {
    code: 'no-columns',
    hint: "declare them: columns: { id: 'bigint', … }",
    span: model.span,
  })
}

/** The model's function asked for an input that `deps` does not name. */
export function inputMissing(
  model: FailingModel,
  name: string,
  inputs: readonly string[],
  place: SourceSpan,
): FftError {
  return new FftError(`model '${model.name}' has no input '${name}'`, {
    code: 'input-missing',
    hint: suggest(name, inputs, 'inputs') ?? `name it in deps: deps: ['${name}']`,
    span: place,
  })
}

/** `ctx.var()` of a variable that has no value, without a default. */
export function variableMissing(
  model: FailingModel,
  name: string,
  vars: readonly string[],
  place: SourceSpan,
): FftError {
  return new FftError(`model '${model.name}': variable '${name}' has no value`, {
    code: 'code-variable-missing',
    hint: suggest(name, vars, 'variables') ?? `give it a default: ctx.var('${name}', …)`,
    span: place,
  })
}

/** `.arrow()` without the package in the project. */
export function arrowNotInstalled(model: FailingModel, input: string, cause: unknown): FftError {
  return new FftError(`model '${model.name}': ${input}.arrow() needs the package apache-arrow`, {
    code: 'arrow-not-installed',
    hint: 'install it in the project: npm install apache-arrow',
    span: model.span,
    cause,
  })
}

function quoteKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
}
