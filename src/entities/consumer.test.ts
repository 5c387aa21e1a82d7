import { describe, expect, it } from 'vitest'
import { checkEndpointKey, rowForInsert, rowForUpdate } from '../schema/validate.ts'
import { consumer } from './consumer.ts'

const id = 'a0000000-0000-4000-8000-000000000001'
const context = { now: 1795212381759, newId: () => id, secret: () => '' }
const insert = (input: unknown) => rowForInsert(consumer, input, context)

describe('consumer', () => {
  it.each(['bob smith', 'x/y', '円', '*'])('may be called %s', (username) => {
    expect(insert({ username })).toMatchObject({ username, custom_id: null })
    expect(() => checkEndpointKey(consumer, username)).not.toThrow()
  })

  it('needs one of its names', () => {
    const fields = {
      '@entity': ["at least one of these fields must be non-empty: 'custom_id', 'username'"],
    }
    expect(() => insert({})).toThrow(expect.objectContaining({ code: 2, fields }))
  })

  it('may lose one name while the other stays', () => {
    const row = insert({ username: 'a', custom_id: 'b' })
    const patched = rowForUpdate(consumer, row, { username: null }, context)
    expect(patched).toMatchObject({ username: null, custom_id: 'b' })
    expect(() => rowForUpdate(consumer, patched, { custom_id: null }, context)).toThrow(
      'when updating, at least one of these fields must be non-empty',
    )
  })

  it('has no empty name', () => {
    expect(() => insert({ username: '', custom_id: 'b' })).toThrow('length must be at least 1')
  })
})
