import { Validator } from '@seriousme/openapi-schema-validator'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Gate, openAdmin } from '../../test/open-admin.ts'
import { allPlugins } from '../plugins/all.ts'

type Words = Readonly<Record<string, unknown>>

let admin: Gate
let document: Words & {
  readonly paths: Readonly<Record<string, Words>>
  readonly components: { readonly schemas: Readonly<Record<string, Words>> }
}

beforeAll(async () => {
  admin = await openAdmin()
  document = (await admin.get('/openapi.json')).body as typeof document
})

it('is valid OpenAPI 3.1', async () => {
  const copy = structuredClone(document) as Record<string, unknown>
  const { valid, errors } = await new Validator().validate(copy)
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
  expect(document.openapi).toMatch(/^3\.1\./)
})

it('is the same at every asking', async () => {
  expect((await admin.get('/openapi.json')).body).toEqual(document)
})

it('has every path that is not disabled, with its verbs', async () => {
  const patterns = (await admin.get('/endpoints')).body.data as string[]
  const answered: Record<string, string[]> = {}
  for (const pattern of patterns) {
    const { status, headers } = await admin.send('OPTIONS', pattern)
    if (status === 404) continue
    const verbs = (headers.get('allow') ?? '').split(', ')
    answered[pattern] = verbs.filter((verb) => verb !== 'HEAD' && verb !== 'OPTIONS').sort()
  }
  const described = Object.entries(document.paths).map(([pattern, { parameters: _, ...item }]) => [
    pattern,
    Object.keys(item)
      .map((verb) => verb.toUpperCase())
      .sort(),
  ])
  expect(Object.fromEntries(described)).toEqual(answered)
})

it('says of every operation what it does, under an id of its own', () => {
  const operations = Object.entries(document.paths).flatMap(([pattern, item]) =>
    Object.entries(item)
      .filter(([verb]) => verb !== 'parameters')
      .map(([verb, operation]) => ({ pattern, verb, ...(operation as Words) })),
  ) as readonly (Words & { pattern: string; verb: string })[]
  const nameless = operations.filter(
    ({ summary, verb, pattern }) => summary === `${verb.toUpperCase()} ${pattern}`,
  )
  expect(nameless.map(({ verb, pattern }) => `${verb} ${pattern}`)).toEqual([])
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
})

it('has no reference that leads nowhere', () => {
  const text = JSON.stringify(document)
  const missing = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].filter(([, path = '']) => {
    const found = path
      .split('/')
      .reduce<unknown>((at, name) => (at as Words | undefined)?.[name], document)
    return found === undefined
  })
  expect(missing.map(([ref]) => ref)).toEqual([])
})

describe('schemas', () => {
  it('tells each plugin by its name', () => {
    const { oneOf, discriminator } = document.components.schemas['plugins.new'] ?? {}
    expect(oneOf).toHaveLength(allPlugins.length)
    expect(discriminator).toMatchObject({
      propertyName: 'name',
      mapping: { 'key-auth': '#/components/schemas/plugin.key-auth' },
    })
    expect(document.components.schemas['plugin.key-auth']).toMatchObject({
      properties: { name: { const: 'key-auth' }, consumer: { type: 'null' } },
      required: ['name'],
      additionalProperties: false,
    })
  })

  it('says what is sent, changed and shown', () => {
    const { schemas } = document.components
    expect(schemas['upstreams.new']?.required).toEqual(['name'])
    expect(schemas['upstreams.patch']?.required).toBeUndefined()
    expect(schemas.upstreams?.required).toContain('healthchecks')
    expect(schemas['services.new']?.anyOf).toEqual([{ required: ['host'] }, { required: ['url'] }])
    expect(schemas['targets.new']?.properties).toMatchObject({
      weight: { type: ['integer', 'null'], minimum: 0, maximum: 65535, default: 100 },
    })
  })
})
