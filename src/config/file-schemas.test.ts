import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { schemaTexts } from '../../tools/schemas.js'

const texts = [...schemaTexts()]

describe('published JSON Schemas', () => {
  it.each(texts)('%s is what npm run schemas writes', (name, text) => {
    expect(readFileSync(new URL(`../../schemas/${name}`, import.meta.url), 'utf8')).toBe(text)
  })

  it.each(texts)('%s describes every key', (_, text) => {
    expect(undescribed(JSON.parse(text))).toEqual([])
  })
})

function undescribed(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const properties = Object.entries('properties' in schema && isSchemaMap(schema.properties) ? schema.properties : {})
  const own = properties.flatMap(([key, each]) => ('description' in each ? [] : [key]))
  return [...own, ...Object.values(schema).flatMap(undescribed)]
}

function isSchemaMap(value: unknown): value is Readonly<Record<string, object>> {
  return typeof value === 'object' && value !== null && Object.values(value).every((each) => typeof each === 'object')
}
