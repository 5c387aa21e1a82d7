import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from './base64.ts'

const anyBytes = fc.uint8Array({ maxLength: 100 })

describe('base64', () => {
  it('reads what it wrote, padded or not', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const text = encodeBase64(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64'))
        expect(decodeBase64(text)).toEqual(bytes)
        expect(decodeBase64(text.replace(/=+$/, ''))).toEqual(bytes)
      }),
    )
  })

  it('reads what it wrote for URLs', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const text = encodeBase64Url(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64url'))
        expect(decodeBase64Url(text)).toEqual(bytes)
      }),
    )
  })

  it.each(['a', 'ab=c', 'a b=', 'YQ===', 'Y-E=', 'é', 'YQ\n'])('refuses %j', (text) => {
    expect(decodeBase64(text)).toBeUndefined()
  })
})
