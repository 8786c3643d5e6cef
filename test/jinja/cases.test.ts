import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { displaySql } from '../../src/core/index.js'
import { fromHost, parseTemplate, type RenderScope, renderTemplate, type Template } from '../../src/template/index.js'

interface Case {
  readonly name: string
  readonly src: string
  readonly ctx?: Readonly<Record<string, unknown>>
  readonly files?: Readonly<Record<string, string>>
  /** What Jinja2 3.1 prints. */
  readonly expected: string
}

function casesOf(file: string): Case[] {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))
}

function parsed(file: string, text: string): Template {
  const { template, diagnostics } = parseTemplate({ file, text })
  if (template === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  return template
}

function render({ src, ctx = {}, files = {} }: Case): string {
  const scope: RenderScope = {
    globals: new Map(Object.entries(ctx).map(([name, value]) => [name, fromHost(value)])),
    macro: () => undefined,
    load: (path) => (files[path] === undefined ? undefined : parsed(path, files[path])),
    names: () => [],
  }
  const { sql, diagnostics } = renderTemplate(parsed('t.sql', src), scope)
  return diagnostics.length > 0 ? diagnostics.map((d) => `${d.code}: ${d.message}`).join('\n') : displaySql(sql)
}

describe.each(['cases.json', 'more-cases.json'])('templates print what Jinja2 prints (%s)', (file) => {
  test.each(casesOf(file).map((item) => [item.name, item] as const))('%s', (_, item) => {
    expect(render(item)).toBe(item.expected)
  })
})
