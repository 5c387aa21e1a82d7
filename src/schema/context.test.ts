import { describe, expect, it } from 'vitest'
import { contextOf } from './context.ts'

const runtime = { now: () => 5, uuid: () => 'u' }

describe('contextOf', () => {
  it('takes the clock and ids of the runtime', () => {
    const context = contextOf(runtime)
    expect([context.now, context.newId()]).toEqual([5, 'u'])
  })

  it('makes secrets of 32 letters and digits, none twice', () => {
    const context = contextOf(runtime)
    const secrets = Array.from({ length: 100 }, () => context.secret())
    for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9]{32}$/)
    expect(new Set(secrets).size).toBe(100)
  })

  it('draws again in place of bytes that would favour some letters', () => {
    let draws = 0
    const context = contextOf(runtime, (bytes) => bytes.fill(draws++ === 0 ? 248 : 61))
    expect(context.secret()).toBe('9'.repeat(32))
    expect(draws).toBe(2)
  })
})
