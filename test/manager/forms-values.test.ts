import { describe, expect, it } from 'vitest'
import {
  type Draft,
  type DraftRecord,
  recordDraft,
  withDraftAt,
} from '../../manager/forms/draft.ts'
import { problemsOf } from '../../manager/forms/problems.ts'
import { readSchema } from '../../manager/forms/schema.ts'
import { readDrafts, toChange, toCreate } from '../../manager/forms/values.ts'

const schema = readSchema({
  fields: [
    { name: { type: 'string', required: true } },
    { port: { type: 'integer', default: 80, between: [0, 65535], required: true } },
    { ratio: { type: 'number', gt: 0 } },
    { enabled: { type: 'boolean', default: true, required: true } },
    { verify: { type: 'boolean' } },
    { code: { type: 'integer', default: 426, one_of: [426, 301] } },
    { tags: { type: 'set', elements: { type: 'string' } } },
    {
      headers: {
        type: 'map',
        keys: { type: 'string' },
        values: { type: 'array', elements: { type: 'string' } },
      },
    },
    {
      sources: {
        type: 'set',
        elements: {
          type: 'record',
          fields: [{ ip: { type: 'string' } }, { port: { type: 'integer' } }],
        },
      },
    },
    {
      redis: {
        type: 'record',
        required: true,
        fields: [{ host: { type: 'string' } }, { port: { type: 'integer', default: 6379 } }],
      },
    },
    {
      pem: {
        type: 'record',
        fields: [
          { private_key: { type: 'string' } },
          { public_key: { type: 'string', required: true } },
        ],
      },
    },
    { service: { type: 'foreign', reference: 'services' } },
    { consumer: { type: 'foreign', reference: 'consumers' } },
  ],
})

const ID = '6f1c2f0e-9d5a-4a07-8a3c-3b0f1d2c4e5a'
const row = {
  name: 'a',
  port: 81,
  ratio: null,
  enabled: true,
  verify: null,
  code: 426,
  tags: ['x'],
  headers: { 'X-A': ['1', '2'] },
  sources: null,
  redis: { host: null, port: 6379 },
  pem: null,
  service: { id: ID },
  consumer: null,
}

/** The row's draft with one thing typed. */
function typed(path: string, draft: Draft): DraftRecord {
  return withDraftAt(recordDraft(schema.fields, row), path, draft)
}

describe('what a change sends', () => {
  it.each<[string, Draft, unknown]>([
    ['name', 'a', {}],
    ['name', 'b', { name: 'b' }],
    ['name', '', { name: null }],
    ['port', '81', {}],
    ['port', '082', { port: 82 }],
    ['ratio', '0.5', { ratio: 0.5 }],
    ['code', '301', { code: 301 }],
    ['verify', false, { verify: false }],
    ['tags', [], { tags: [] }],
    ['tags', ['x', 'y'], { tags: ['x', 'y'] }],
    ['headers', [], { headers: null }],
    ['headers.0.value', ['1'], { headers: { 'X-A': ['1'] } }],
    ['headers.0.key', '', { headers: null }],
    ['sources', [{ ip: '10.0.0.0/8', port: '' }], { sources: [{ ip: '10.0.0.0/8', port: null }] }],
    ['redis.host', 'r', { redis: { host: 'r' } }],
    ['pem.public_key', 'P', { pem: { private_key: null, public_key: 'P' } }],
    ['service', '', { service: null }],
    ['service', 'by-name', { service: { name: 'by-name' } }],
    ['consumer', 'bob', { consumer: { username: 'bob' } }],
  ])('%s as %j: %j', (path, draft, sent) => {
    const before = readDrafts(schema.fields, recordDraft(schema.fields, row))
    const after = readDrafts(schema.fields, typed(path, draft))
    expect(toChange(schema.fields, before, after)).toEqual(sent)
  })
})

describe('what a new one sends', () => {
  it('is all that is not a default, and null in place of one', () => {
    const draft = recordDraft(schema.fields, {
      ...row,
      code: null,
      port: 80,
      redis: { host: 'r', port: 1 },
    })
    expect(toCreate(schema.fields, readDrafts(schema.fields, draft))).toEqual({
      name: 'a',
      code: null,
      tags: ['x'],
      headers: { 'X-A': ['1', '2'] },
      redis: { host: 'r', port: 1 },
      service: { id: ID },
    })
  })
})

describe('what is wrong before it is sent', () => {
  it.each<[string, Draft, string]>([
    ['name', '', 'Fill this in'],
    ['port', '80x', 'Give a number'],
    ['port', '8.5', 'Give a whole number'],
    ['port', '65536', 'Give a number from 0 to 65535'],
    ['ratio', '0', 'Give a number greater than 0'],
    ['sources.0.port', 'x', 'Give a number'],
    ['pem.private_key', 'K', 'Fill this in'],
  ])('%s as %j: %s', (path, draft, text) => {
    const base = path.startsWith('sources')
      ? typed('sources', [{ ip: '', port: '' }])
      : recordDraft(schema.fields, row)
    const problems = problemsOf(schema, withDraftAt(base, path, draft))
    const place = path === 'pem.private_key' ? 'pem.public_key' : path
    expect(Object.fromEntries(problems)).toEqual({ [place]: text })
  })

  it('asks for one of several', () => {
    const { fields } = schema
    const one = { fields, oneNeeded: [['ratio', 'redis.host']] }
    expect(problemsOf(one, recordDraft(fields, row)).get('')).toBe('Fill in one of: Ratio, Host')
    expect(problemsOf(one, typed('redis.host', 'r')).size).toBe(0)
  })
})
