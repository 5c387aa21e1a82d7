import { describe, expect, it } from 'vitest'
import { defineEntity, type Entity, type Row } from './entity.ts'
import { entityErrors } from './entity-error.ts'
import { finishRow } from './finish.ts'

const id = 'a0000000-0000-4000-8000-000000000001'
const row = { id, password: 'open', tags: null }
const context = { mode: 'insert', sent: { password: 'open' } } as const

function entityWith(finish?: Entity['finish']): Entity {
  return defineEntity({
    name: 'things',
    fields: {
      id: { type: 'string', uuid: true, auto: true },
      password: { type: 'string', required: true },
      tags: { type: 'set', elements: { type: 'string' } },
    },
    ...(finish === undefined ? {} : { finish }),
  })
}

describe('finishRow', () => {
  it('leaves a row alone that needs no finish', async () => {
    expect(await finishRow(entityWith(), row, context)).toBe(row)
    expect(
      await finishRow(
        entityWith(async (given) => given),
        row,
        context,
      ),
    ).toBe(row)
  })

  it('tells the finish what was sent and keeps fields in their order', async () => {
    const entity = entityWith(async ({ tags: _lost, ...given }, { sent }) => ({
      ...given,
      id: given.id,
      password: `hash of ${sent.password}`,
    }))
    const finished = await finishRow(entity, row, context)
    expect(finished).toEqual({ id, password: 'hash of open', tags: null })
    expect(Object.keys(finished)).toEqual(['id', 'password', 'tags'])
  })

  it.each<[string, Row]>([
    ['Cannot finish things with "digest", which is no field', { ...row, digest: 'x' }],
    ['Cannot give a row of things another id', { ...row, id: 'other' }],
  ])('%s', async (text, finished) => {
    await expect(
      finishRow(
        entityWith(async () => finished),
        row,
        context,
      ),
    ).rejects.toThrow(text)
  })

  it('passes on what the finish refuses', async () => {
    const entity = entityWith(async () => {
      throw entityErrors.schemaViolation({ password: 'too weak' })
    })
    await expect(finishRow(entity, row, context)).rejects.toThrow('password: too weak')
  })
})
