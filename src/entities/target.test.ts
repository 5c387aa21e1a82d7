import { describe, expect, it } from 'vitest'
import {
  checkEndpointKey,
  rowForDeclarative,
  rowForInsert,
  rowForUpdate,
  validateOnly,
} from '../schema/validate.ts'
import { target } from './target.ts'

const id = 'a0000000-0000-4000-8000-000000000001'
const context = { now: 1795212381759, newId: () => id, secret: () => '' }
const upstream = { id }
const insert = (input: object) => rowForInsert(target, { upstream, ...input }, context)

describe('target', () => {
  it('is stored in canonical form, with its moments in parts of seconds', () => {
    expect(insert({ target: '1.02.3.4' })).toEqual({
      id,
      created_at: 1795212381.759,
      updated_at: 1795212381.759,
      upstream,
      target: '1.2.3.4:8000',
      weight: 100,
      tags: null,
    })
  })

  it('keeps what a patch or a file says, and shows it in canonical form', () => {
    const patched = rowForUpdate(target, insert({ target: 'a:1' }), { target: '::1' }, context)
    expect(patched.target).toBe('::1')
    expect(target.show?.(patched).target).toBe('[0000:0000:0000:0000:0000:0000:0000:0001]:8000')
    const filed = rowForDeclarative(target, { upstream, target: 'h' }, context)
    expect(filed.target).toBe('h')
  })

  it.each([
    [{ target: 'a b' }, { target: 'Invalid target; not a valid hostname or ip address' }],
    [{}, { target: 'required field missing' }],
    [{ target: 5 }, { target: 'expected a string' }],
    [{ target: '', weight: -1 }, { target: 'Invalid target; not a valid hostname or ip address' }],
    [{ target: 'a', weight: null }, { weight: 'required field missing' }],
    [{ target: 'a', weight: 65536 }, { weight: 'value should be between 0 and 65535' }],
    [{ target: 'a', upstream: null }, { upstream: 'required field missing' }],
  ])('refuses %j', (input, fields) => {
    expect(() => insert(input)).toThrow(expect.objectContaining({ code: 2, fields }))
  })

  it('names the text where only the schema speaks', () => {
    expect(() => validateOnly(target, { upstream, target: 'a b' }, context)).toThrow(
      "target: Invalid target ('a b'); not a valid hostname or ip address",
    )
  })

  it('has no key that is wrong, only such as are not found', () => {
    expect(() => checkEndpointKey(target, 'a b')).not.toThrow()
  })
})
