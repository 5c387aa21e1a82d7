import { describe, expect, it } from 'vitest'
import { checkEndpointKey, rowForInsert, rowForUpdate } from '../schema/validate.ts'
import { vault } from './vault.ts'

const id = 'a0000000-0000-4000-8000-000000000001'
const context = { now: 1795212381759, newId: () => id, secret: () => '' }
const insert = (input: unknown) => rowForInsert(vault, input, context)
const ENV = { name: 'env', prefix: 'my-env' }

describe('vault', () => {
  it('shows the configuration whole', () => {
    expect(insert(ENV)).toMatchObject({ ...ENV, description: null, config: { prefix: null } })
    expect(insert({ ...ENV, config: { prefix: 'SECRET_' } })).toMatchObject({
      config: { prefix: 'SECRET_' },
    })
  })

  it('merges a patch into the configuration', () => {
    const row = insert({ ...ENV, config: { prefix: 'A' } })
    expect(rowForUpdate(vault, row, { description: 'x' }, context)).toMatchObject({
      config: { prefix: 'A' },
      description: 'x',
    })
  })

  it.each([
    [{}, { name: 'required field missing' }],
    [{ name: 'env' }, { prefix: 'required field missing' }],
    [{ ...ENV, name: 'hcv' }, { name: "vault 'hcv' is not installed" }],
    [{ ...ENV, prefix: 'env' }, { prefix: 'must not be one of: env' }],
    [{ ...ENV, prefix: 'A' }, { prefix: 'invalid value: A' }],
    [{ ...ENV, prefix: 'a' }, { prefix: 'invalid value: a' }],
    [{ ...ENV, prefix: 'a-' }, { prefix: 'invalid value: a-' }],
    [{ ...ENV, prefix: '1a' }, { prefix: 'invalid value: 1a' }],
    [{ ...ENV, config: { prefix: '1' } }, { config: { prefix: 'invalid value: 1' } }],
    [{ ...ENV, config: { x: 1 } }, { config: { x: 'unknown field' } }],
    [{ ...ENV, config: null }, { config: 'required field missing' }],
  ])('refuses %j', (input, fields) => {
    expect(() => insert(input)).toThrow(expect.objectContaining({ code: 2, fields }))
  })

  it('refuses a prefix no vault could have, in a path', () => {
    expect(() => checkEndpointKey(vault, 'A B')).toThrow(
      expect.objectContaining({ code: 10, errorName: 'invalid unique prefix' }),
    )
  })
})
