import { describe, expect, it } from 'vitest'
import { checkEndpointKey, rowForInsert } from '../schema/validate.ts'
import { sni } from './sni.ts'

const id = 'a0000000-0000-4000-8000-000000000001'
const context = { now: 1795212381759, newId: () => id, secret: () => '' }
const certificate = { id: 'b0000000-0000-4000-8000-000000000001' }

describe('sni', () => {
  it.each(['a.test', '*.a.test', 'a.*', '*', 'under_score'])('takes %s', (name) => {
    expect(rowForInsert(sni, { name, certificate }, context)).toMatchObject({ name, certificate })
  })

  const WRONG = [
    ['1.2.3.4', 'must not be an IP'],
    ['::1', 'must not be an IP'],
    ['a.test:80', 'must not have a port'],
    ['*.a.test:80', 'must not have a port'],
    ['a.*.test', 'wildcard must be leftmost or rightmost character'],
    ['*.a.*', 'only one wildcard must be specified'],
    ['a b', 'invalid value: a b'],
  ] as const

  it.each(WRONG)('refuses %s', (name, error) => {
    expect(() => rowForInsert(sni, { name, certificate }, context)).toThrow(
      expect.objectContaining({ code: 2, fields: { name: error } }),
    )
  })

  it.each(WRONG)('refuses %s in a path', (name, message) => {
    expect(() => checkEndpointKey(sni, name)).toThrow(
      expect.objectContaining({ code: 10, errorName: 'invalid unique name', message }),
    )
  })

  it('needs a certificate', () => {
    expect(() => rowForInsert(sni, { name: 'a.test' }, context)).toThrow(
      expect.objectContaining({ code: 2, fields: { certificate: 'required field missing' } }),
    )
  })
})
