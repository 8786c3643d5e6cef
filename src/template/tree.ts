/**
 * A place in the template's file as one number, so that the tree stays small as JSON: line × 1,000,000 + column, both
 * 1-based, columns in code points. `placeOf` turns it into a position.
 */
export type At = number

/** A statement or a stretch of text. `k` is the kind, `at` the place of the tag or text. */
export type TemplateNode =
  | TextNode
  | OutputNode
  | IfNode
  | ForNode
  | SetNode
  | SetBlockNode
  | MacroNode
  | CallBlockNode
  | FilterBlockNode
  | WithNode
  | DoNode
  | JumpNode
  | BlockNode
  | ExtendsNode
  | IncludeNode
  | ImportNode
  | FromImportNode
  | SnapshotNode

/** Template text; `at` is the place of its first character after whitespace control. */
export interface TextNode {
  readonly k: 'text'
  readonly at: At
  readonly v: string
}

/** `{{ e }}`; `at` is where the expression starts. */
export interface OutputNode {
  readonly k: 'out'
  readonly at: At
  readonly e: Expression
}

/** `{% if %}` with its `elif`s as further branches. */
export interface IfNode {
  readonly k: 'if'
  readonly at: At
  readonly branches: readonly (readonly [test: Expression, body: readonly TemplateNode[]])[]
  readonly otherwise?: readonly TemplateNode[]
}

/** `{% for target in iter if cond %}…{% else %}…{% endfor %}`. */
export interface ForNode {
  readonly k: 'for'
  readonly at: At
  readonly target: Target
  readonly iter: Expression
  readonly cond?: Expression
  readonly body: readonly TemplateNode[]
  readonly otherwise?: readonly TemplateNode[]
  readonly recursive?: true
}

/** `{% set target = e %}`. */
export interface SetNode {
  readonly k: 'set'
  readonly at: At
  readonly target: Target
  readonly e: Expression
}

/** `{% set target | filters %}…{% endset %}`; the filters' innermost input is a `body` expression. */
export interface SetBlockNode {
  readonly k: 'setblock'
  readonly at: At
  readonly target: Target
  readonly filter?: Expression
  readonly body: readonly TemplateNode[]
}

/** One parameter of a macro or call block. */
export interface Parameter {
  readonly name: string
  readonly at: At
  readonly default?: Expression
}

/** What a macro and the body of a call block have in common. */
export interface MacroBody {
  readonly name: string
  readonly at: At
  readonly params: readonly Parameter[]
  readonly body: readonly TemplateNode[]
  /** Which of `varargs`, `kwargs`, `caller` the body speaks of: only then may it be given more than it names. */
  readonly uses?: readonly string[]
}

/** `{% macro name(params) %}`; a dbt `{% test name(…) %}` is the macro `test_name`. `at` is the name's place. */
export interface MacroNode extends MacroBody {
  readonly k: 'macro'
}

/** `{% call(params) call %}body{% endcall %}`; `at` is the place of the called name. */
export interface CallBlockNode {
  readonly k: 'callblock'
  readonly at: At
  readonly caller: MacroBody
  readonly call: CallExpression
}

/** `{% filter e %}body{% endfilter %}`; the innermost input of the filters in `e` is a `body` expression. */
export interface FilterBlockNode {
  readonly k: 'filterblock'
  readonly at: At
  readonly e: Expression
  readonly body: readonly TemplateNode[]
}

/** `{% with a = 1, b = 2 %}`. */
export interface WithNode {
  readonly k: 'with'
  readonly at: At
  readonly sets: readonly (readonly [target: Target, value: Expression])[]
  readonly body: readonly TemplateNode[]
}

/** `{% do e %}`. */
export interface DoNode {
  readonly k: 'do'
  readonly at: At
  readonly e: Expression
}

/** `{% break %}` and `{% continue %}`. */
export interface JumpNode {
  readonly k: 'break' | 'continue'
  readonly at: At
}

/** `{% block name %}`; a scoped block sees the variables of the loop around it. */
export interface BlockNode {
  readonly k: 'block'
  readonly at: At
  readonly name: string
  readonly body: readonly TemplateNode[]
  readonly scoped?: true
  readonly required?: true
}

/** `{% extends e %}`. */
export interface ExtendsNode {
  readonly k: 'extends'
  readonly at: At
  readonly e: Expression
}

/** `{% include e ignore missing without context %}`. */
export interface IncludeNode {
  readonly k: 'include'
  readonly at: At
  readonly e: Expression
  readonly ignoreMissing?: true
  readonly withoutContext?: true
}

/** `{% import e as name with context %}`. */
export interface ImportNode {
  readonly k: 'import'
  readonly at: At
  readonly e: Expression
  readonly name: string
  readonly withContext?: true
}

/** `{% from e import a, b as c with context %}`. */
export interface FromImportNode {
  readonly k: 'from'
  readonly at: At
  readonly e: Expression
  readonly names: readonly (readonly [name: string, alias: string, at: At])[]
  readonly withContext?: true
}

/** dbt's `{% snapshot name %}`; `at` is the name's place. Rendering a template renders its body in place. */
export interface SnapshotNode {
  readonly k: 'snapshot'
  readonly at: At
  readonly name: string
  readonly body: readonly TemplateNode[]
}

/** What may be assigned to: a name, several, or an attribute of a namespace. */
export type Target =
  | { readonly k: 'name'; readonly at: At; readonly v: string }
  | { readonly k: 'tuple'; readonly at: At; readonly items: readonly Target[] }
  | { readonly k: 'nsattr'; readonly at: At; readonly of: string; readonly name: string }

/** An expression; `at` is the place to blame when it fails. */
export type Expression =
  | StringLiteral
  | NumberLiteral
  | ConstantLiteral
  | NameExpression
  | ListExpression
  | DictExpression
  | AttributeExpression
  | ItemExpression
  | SliceExpression
  | CallExpression
  | FilterExpression
  | TestExpression
  | ConditionalExpression
  | LogicExpression
  | UnaryExpression
  | BinaryExpression
  | ConcatExpression
  | CompareExpression
  | BodyExpression

/** A string; `at` is its opening quote. */
export interface StringLiteral {
  readonly k: 'str'
  readonly at: At
  readonly v: string
  /**
   * Pairs of an offset in `v` and the place in the file where the text from there on stands: after an escape and at
   * the start of an adjacent literal. Without it the text stands letter for letter after the opening quote.
   */
  readonly jumps?: readonly number[]
}

/** A number: `v` as number for an integer, as text for a float (`'2.0'`) or an integer beyond 2^53 (`'9007199254740993'`). */
export interface NumberLiteral {
  readonly k: 'int' | 'float' | 'bigint'
  readonly at: At
  readonly v: number | string
}

/** True, False and None. */
export interface ConstantLiteral {
  readonly k: 'const'
  readonly at: At
  readonly v: boolean | null
}

/** A variable. */
export interface NameExpression {
  readonly k: 'name'
  readonly at: At
  readonly v: string
}

/** `[a, b]` and `(a, b)`. */
export interface ListExpression {
  readonly k: 'list' | 'tuple'
  readonly at: At
  readonly items: readonly Expression[]
}

/** `{a: b}`. */
export interface DictExpression {
  readonly k: 'dict'
  readonly at: At
  readonly entries: readonly (readonly [key: Expression, value: Expression])[]
}

/** `of.name`; `at` is the name's place. */
export interface AttributeExpression {
  readonly k: 'attr'
  readonly at: At
  readonly of: Expression
  readonly name: string
}

/** `of[key]`; `at` is the key's place. */
export interface ItemExpression {
  readonly k: 'item'
  readonly at: At
  readonly of: Expression
  readonly key: Expression
}

/** `of[start:stop:step]`; `at` is the opening bracket. */
export interface SliceExpression {
  readonly k: 'slice'
  readonly at: At
  readonly of: Expression
  readonly start?: Expression
  readonly stop?: Expression
  readonly step?: Expression
}

/** What stands between the parentheses of a call. */
export interface Arguments {
  readonly args: readonly Expression[]
  readonly kwargs?: readonly (readonly [name: string, value: Expression, at: At])[]
  /** `*star` */
  readonly star?: Expression
  /** `**starKw` */
  readonly starKw?: Expression
}

/** `fn(…)`; `at` is the first character of the called name. */
export interface CallExpression extends Arguments {
  readonly k: 'call'
  readonly at: At
  readonly fn: Expression
}

/** `of | name(…)`; `at` is the filter's name. */
export interface FilterExpression extends Arguments {
  readonly k: 'filter'
  readonly at: At
  readonly of: Expression
  readonly name: string
}

/** `of is name(…)`; `at` is the test's name. */
export interface TestExpression extends Arguments {
  readonly k: 'test'
  readonly at: At
  readonly of: Expression
  readonly name: string
  readonly not?: true
}

/** `value if test else otherwise`. */
export interface ConditionalExpression {
  readonly k: 'cond'
  readonly at: At
  readonly test: Expression
  readonly value: Expression
  readonly otherwise?: Expression
}

/** `a and b`, `a or b`. */
export interface LogicExpression {
  readonly k: 'and' | 'or'
  readonly at: At
  readonly a: Expression
  readonly b: Expression
}

/** `not a`, `-a`, `+a`. */
export interface UnaryExpression {
  readonly k: 'not' | 'neg' | 'pos'
  readonly at: At
  readonly a: Expression
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**'

/** Arithmetic; `at` is where the left side starts. */
export interface BinaryExpression {
  readonly k: 'bin'
  readonly at: At
  readonly op: BinaryOperator
  readonly a: Expression
  readonly b: Expression
}

/** `a ~ b ~ c`. */
export interface ConcatExpression {
  readonly k: 'concat'
  readonly at: At
  readonly items: readonly Expression[]
}

export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'

/** `a < b <= c`, `a in b`. */
export interface CompareExpression {
  readonly k: 'cmp'
  readonly at: At
  readonly a: Expression
  readonly ops: readonly (readonly [op: CompareOperator, b: Expression])[]
}

/** What the body of a `filter` or `set` block printed: the input of its first filter. */
export interface BodyExpression {
  readonly k: 'body'
  readonly at: At
}
