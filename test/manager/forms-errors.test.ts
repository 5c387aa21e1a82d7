import { describe, expect, it } from 'vitest'
import { placeErrors, textBelow, withoutErrorsOf } from '../../manager/forms/errors.ts'
import { fieldOf } from '../../manager/forms/schema.ts'

const fields = ['name', 'paths', 'config', 'service'].map((name) =>
  fieldOf(name, { type: 'string' }),
)

function placed(answered: Readonly<Record<string, unknown>>, status = 400, message = 'no') {
  const { top, at } = placeErrors({ status, message, fields: answered }, fields)
  return { top, at: Object.fromEntries(at) }
}

describe("Kong's errors", () => {
  it.each([
    [{ name: 'required field missing' }, { name: 'This must be filled in' }],
    [
      { paths: [null, 'must not have empty segments'] },
      { 'paths.1': 'Must not have empty segments' },
    ],
    [
      { config: { redis: { port: 'expected an integer' } } },
      { 'config.redis.port': 'Expected an integer' },
    ],
    [{ config: { '@entity': ['at least one'] } }, { config: 'At least one' }],
  ])('%j stand at their fields', (answered, at) => {
    expect(placed(answered)).toEqual({ top: [], at })
  })

  it('of the whole stand at the top, and so do those of fields that are not shown', () => {
    const answered = { '@entity': ['must set one of a, b'], other: 'unknown field' }
    expect(placed(answered).top).toEqual([
      'Must set one of a, b',
      'Other: The gateway does not know this field',
    ])
  })

  it('do not say twice that one field makes another wrong', () => {
    const text = "failed conditional validation given value of field 'protocol'"
    expect(placed({ '@entity': [text], name: 'value must be null' })).toEqual({
      top: [],
      at: { name: 'This must be empty here' },
    })
    expect(placed({ '@entity': [text] }).top).toHaveLength(1)
  })

  it.each([
    [
      409,
      'UNIQUE violation detected on \'{name="a"}\'',
      { name: 'a' },
      { name: 'Another one has this already' },
    ],
    [
      400,
      "the foreign key '{id=\"x\"}' does not reference an existing 'services' entity.",
      { service: { id: 'x' } },
      { service: 'There is no such thing' },
    ],
  ])('%i name the field, not its value', (status, message, answered, at) => {
    expect(placed(answered, status, message)).toEqual({ top: [], at })
  })

  it.each([
    [0, 'The gateway cannot be reached; is it still running?', {}],
    [404, 'Not found', { id: 'x' }],
    [409, 'an existing thing', { '@referenced_by': 'routes' }],
  ])('%i without a field are the message', (status, message, answered) => {
    expect(placed(answered, status, message)).toEqual({ top: [message], at: {} })
  })
})

describe('errors at fields', () => {
  const { at } = placeErrors(
    { status: 400, message: '', fields: { paths: ['a', null, 'b'], name: 'c' } },
    fields,
  )

  it('are collected below a field', () => {
    expect(textBelow(at, 'paths')).toBe('A; B')
    expect(textBelow(at, 'path')).toBeUndefined()
  })

  it.each([
    ['paths', ['name']],
    ['paths.0', ['paths.2', 'name']],
    ['name', ['paths.0', 'paths.2']],
    ['other', ['paths.0', 'paths.2', 'name']],
  ])('go when %s is changed', (path, left) => {
    expect([...withoutErrorsOf({ top: [], at }, path).at.keys()]).toEqual(left)
  })
})
