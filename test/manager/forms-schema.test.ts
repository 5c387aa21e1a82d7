import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { draftOf, recordDraft, startingDraft } from '../../manager/forms/draft.ts'
import { problemsOf } from '../../manager/forms/problems.ts'
import { readSchema, type Schema, withKind } from '../../manager/forms/schema.ts'
import { readDraft, readDrafts, sameValue } from '../../manager/forms/values.ts'

const folder = fileURLToPath(new URL('../schemas', import.meta.url))

describe('a schema of the Admin API', () => {
  it('is read with what a form needs to know', () => {
    const { fields, oneNeeded } = readSchema({
      fields: [
        { id: { type: 'string', uuid: true, auto: true } },
        { port: { type: 'integer', between: [0, 65535], default: 80, required: true } },
        { policy: { type: 'string', one_of: ['local', 'redis'] } },
        { client_secret: { type: 'string' } },
        { service: { type: 'foreign', reference: 'services' } },
        { more: { type: 'function' } },
      ],
      entity_checks: [{ at_least_one_of: ['port', 'policy'] }, { distinct: ['a', 'b'] }],
    })
    expect(fields).toMatchObject([
      { name: 'id', auto: true },
      { name: 'port', between: [0, 65535], default: 80, required: true },
      { name: 'policy', oneOf: ['local', 'redis'], required: false },
      { name: 'client_secret', secret: true },
      { name: 'service', type: 'foreign', reference: 'services' },
      { name: 'more', type: 'json' },
    ])
    expect(oneNeeded).toEqual([['port', 'policy']])
  })

  it.each([undefined, null, 7, [], { fields: 3 }, { fields: [null, 'x', { a: null }] }])(
    'makes no trouble when it is none: %j',
    (answered) => expect(() => readSchema(answered)).not.toThrow(),
  )

  it('takes what a kind changes', () => {
    const entity = readSchema({
      fields: [{ name: { type: 'string' } }, { config: { type: 'record' } }],
    })
    const kind = readSchema({
      fields: [{ config: { type: 'record', fields: [{ minute: { type: 'number' } }] } }],
      entity_checks: [{ at_least_one_of: ['config.minute'] }],
    })
    const { fields, oneNeeded } = withKind(entity, kind)
    expect(fields.map(({ name }) => name)).toEqual(['name', 'config'])
    expect(fields[1]?.fields.map(({ name }) => name)).toEqual(['minute'])
    expect(oneNeeded).toEqual([['config.minute']])
  })
})

describe('every schema Kong has', () => {
  const files = ['', 'plugins'].flatMap((sub) =>
    readdirSync(join(folder, sub))
      .filter((file) => file.endsWith('.json') && file !== 'endpoints.json')
      .map((file) => join(sub, file)),
  )

  it.each(files)('%s: reading what a form shows gives the same again', (file) => {
    const schema = schemaIn(file)
    for (const field of schema.fields) {
      const value = readDraft(field, startingDraft(field))
      expect(readDraft(field, draftOf(field, value))).toEqual(value)
    }
  })

  it.each(files)('%s: what its defaults say needs no correction', (file) => {
    const { fields } = schemaIn(file)
    const draft = recordDraft(
      fields,
      readDrafts(
        fields,
        Object.fromEntries(fields.map((field) => [field.name, startingDraft(field)])),
      ),
    )
    const wrong = Array.from(problemsOf({ fields, oneNeeded: [] }, draft).values())
    expect(wrong.every((text) => text === 'Fill this in')).toBe(true)
  })
})

describe('two values', () => {
  it.each([
    [null, [], true],
    [null, '', true],
    [{ a: null }, null, true],
    [{ b: 1, a: [1] }, { a: [1], b: 1 }, true],
    [[1, 2], [2, 1], false],
    [0, null, false],
    [false, null, false],
  ])('%j and %j are the same to the gateway: %s', (one, other, same) => {
    expect(sameValue(one, other)).toBe(same)
  })
})

function schemaIn(file: string): Schema {
  return readSchema(JSON.parse(readFileSync(join(folder, file), 'utf8')))
}
