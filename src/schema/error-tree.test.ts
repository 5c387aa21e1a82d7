import { describe, expect, it } from 'vitest'
import { mergeErrors, noErrors, setErrorAt, violationMessage } from './error-tree.ts'

describe('violationMessage', () => {
  it('counts, names and sorts, with those of the whole first', () => {
    const errors = {
      host: 'required field missing',
      '@entity': ['second thing', 'a first thing'],
      config: { b: 'x', a: 'y' },
      tags: [null, 'bad'],
    }
    expect(violationMessage(errors)).toBe(
      '6 schema violations (second thing; a first thing; config.a: y; config.b: x; host: required field missing; tags.2: bad)',
    )
  })

  it('says one without counting', () => {
    expect(violationMessage({ host: 'x' })).toBe('schema violation (host: x)')
  })

  it('prints what lies deeper over several lines', () => {
    const text = 'value should be between 0 and 65535'
    expect(violationMessage({ healthchecks: { active: { healthy: { interval: text } } } })).toBe(
      `schema violation (healthchecks.active: {\n  healthy = {\n    interval = "${text}"\n  }\n})`,
    )
  })
})

it.each([
  [undefined, { a: 'x' }, { a: 'x' }],
  [{ a: 'x' }, { b: 'y' }, { a: 'x', b: 'y' }],
  [{ a: 'x' }, { a: 'y' }, { a: 'y' }],
  [{ a: { b: 'x' } }, { a: { c: ['y'] } }, { a: { b: 'x', c: ['y'] } }],
  [{ a: [null, 'x', 'z'] }, { a: ['y', null] }, { a: ['y', 'x', 'z'] }],
  [{ a: [{ b: 'x' }] }, { a: [{ c: 'y' }, 'z'] }, { a: [{ b: 'x', c: 'y' }, 'z'] }],
  [{ a: ['x'] }, { a: { b: 'y' } }, { a: { b: 'y' } }],
  [{ a: 'x' }, { a: ['y'] }, { a: ['y'] }],
])('violations %j and %j are %j', (first, second, both) => {
  expect(mergeErrors(first, second)).toEqual(both)
})

describe('setErrorAt', () => {
  it('keeps what is there beside it', () => {
    const errors = noErrors()
    setErrorAt(errors, 'config.redis.host', 'a')
    setErrorAt(errors, 'config.redis.port', 'b')
    expect(errors).toEqual({ config: { redis: { host: 'a', port: 'b' } } })
  })

  it('lets what is said of the whole stand', () => {
    const errors = noErrors()
    setErrorAt(errors, 'config', 'expected a record')
    setErrorAt(errors, 'config.redis.host', 'a')
    expect(errors).toEqual({ config: 'expected a record' })
  })
})
