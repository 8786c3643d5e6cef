import { closest, diagnosticsOf } from '../core/index.js'

function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const near = closest(name, known)
  return near === undefined ? undefined : `did you mean '${near}'?`
}

/** Every fault of a template: its syntax, its names, what it does with its values. */
export const templateDiagnostic = diagnosticsOf({
  'template-syntax': ({ message, hint }: { message: string; hint?: string | undefined }) => ({ message, hint }),
  'unclosed-block': ({ tag, found }: { tag: string; found: string | undefined }) => ({
    message: `{% ${tag} %} is not closed`,
    hint:
      found === undefined
        ? `add {% end${tag} %}`
        : `{% ${found} %} stands where {% end${tag} %} is expected: close the inner block first`,
  }),
  'unclosed-expression': ({ open, close }: { open: string; close: string }) => ({
    message: `'${open}' is not closed`,
    hint: `add '${close}'`,
  }),
  'unclosed-comment': () => ({ message: "the comment '{#' is not closed", hint: "add '#}'" }),
  'unclosed-string': ({ quote }: { quote: string }) => ({
    message: 'the string is not closed',
    hint: `add ${quote} at its end`,
  }),
  'unclosed-bracket': ({ open, close, found }: { open: string; close: string; found: string }) => ({
    message: `'${open}' is not closed: found ${found}`,
    hint: `add '${close}'`,
  }),
  'unknown-tag': ({ tag, known }: { tag: string; known: Iterable<string> }) => ({
    message: `{% ${tag} %} is no tag`,
    hint: didYouMean(tag, known),
  }),
  'unexpected-tag': ({ tag, opens }: { tag: string; opens: string }) => ({
    message: `{% ${tag} %} has no {% ${opens} %} before it`,
    hint: `remove it, or open the block with {% ${opens} … %}`,
  }),
  'unknown-name': ({ name, known }: { name: string; known: Iterable<string> }) => ({
    message: `'${name}' is not defined`,
    hint: didYouMean(name, known) ?? `a text needs quotes: '${name}'; a variable is set first: {% set ${name} = … %}`,
  }),
  'unknown-filter': ({ name, known }: { name: string; known: Iterable<string> }) => ({
    message: `there is no filter '${name}'`,
    hint: didYouMean(name, known),
  }),
  'unknown-test': ({ name, known }: { name: string; known: Iterable<string> }) => ({
    message: `there is no test '${name}'`,
    hint: didYouMean(name, known),
  }),
  'undefined-value': ({ what, doing, hint }: { what: string; doing: string; hint?: string | undefined }) => ({
    message: `${what} is missing and cannot be ${doing}`,
    hint: hint ?? "give it a default with | default(…), or test it with 'is defined'",
  }),
  'hole-not-known': ({ what }: { what: string }) => ({
    message: `${what} is not known at compile`,
    hint: 'print it, or join it to other text with ~; it can be neither tested nor changed',
  }),
  'not-callable': ({ what, type }: { what: string; type: string }) => ({
    message: `${what} is ${type} and cannot be called`,
  }),
  'bad-value': ({ message, hint }: { message: string; hint?: string | undefined }) => ({ message, hint }),
  'division-by-zero': () => ({ message: 'division by zero' }),
  'missing-argument': ({ callee, name }: { callee: string; name: string }) => ({
    message: `${callee} needs the argument '${name}'`,
  }),
  'unknown-argument': ({ callee, name, known }: { callee: string; name: string; known: readonly string[] }) => ({
    message: `${callee} has no argument '${name}'`,
    hint: didYouMean(name, known) ?? (known.length === 0 ? 'it takes none' : `it takes: ${known.join(', ')}`),
  }),
  'too-many-arguments': ({ callee, given, taken }: { callee: string; given: number; taken: number }) => ({
    message: `${callee} takes ${taken === 0 ? 'no' : taken} argument${taken === 1 ? '' : 's'}, not ${given}`,
  }),
  'repeated-argument': ({ callee, name }: { callee: string; name: string }) => ({
    message: `${callee} is given the argument '${name}' twice`,
  }),
  'template-not-found': ({ path, known }: { path: string; known: Iterable<string> }) => ({
    message: `there is no template '${path}'`,
    hint:
      didYouMean(path, known) ??
      'paths are looked up in the models folder, then from the project folder, then in packages',
  }),
  'import-not-found': ({ name, path, known }: { name: string; path: string; known: Iterable<string> }) => ({
    message: `'${path}' has no macro or variable '${name}'`,
    hint: didYouMean(name, known),
  }),
  'block-required': ({ name }: { name: string }) => ({
    message: `{% block ${name} %} is required`,
    hint: `add {% block ${name} %} to the template that extends this one`,
  }),
  'too-deep': ({ what, limit }: { what: string; limit: number }) => ({
    message: `${what} is nested more than ${limit} deep`,
    hint: 'does it call itself without an end?',
  }),
  'misplaced-return': () => ({
    message: 'return() stands outside a macro',
    hint: 'a template has no value; print the expression instead',
  }),
  'not-printable': ({ what }: { what: string }) => ({
    message: `${what} is a function and cannot be printed`,
    hint: `call it: ${what}()`,
  }),
})
