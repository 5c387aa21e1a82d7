import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bindResponse } from '../../test/ldap/fake-directory.ts'
import { bindRequest, readLdapResult } from './ldap-message.ts'

it('writes a bind', () => {
  // RFC 4511, 4.2: [APPLICATION 0] with version, name and [0] password.
  const bytes = bindRequest(1, 'cn=a', new TextEncoder().encode('pw'))
  expect(Buffer.from(bytes).toString('hex')).toBe(
    `3012020101${'600d'}020103${'0404636e3d61'}${'80027077'}`,
  )
})

describe('reading a result', () => {
  const short = Uint8Array.of(0x30, 12, 2, 1, 5, 0x61, 7, 0x0a, 1, 49, 4, 0, 4, 0)

  it('gives it, however its lengths are written', () => {
    const result = { id: 5, tag: 0x61, code: 49 }
    expect(readLdapResult(short)).toEqual({ result: { ...result, diagnostic: '' }, length: 14 })
    const long = bindResponse(5, 49)
    expect(readLdapResult(long)).toEqual({
      result: { ...result, diagnostic: 'no reason' },
      length: long.length,
    })
  })

  it('waits for all of it', () => {
    const long = bindResponse(5, 0)
    for (let end = 0; end < long.length; end++) {
      expect(readLdapResult(long.subarray(0, end))).toBe('incomplete')
    }
  })

  it.each<[string, number[]]>([
    ['no sequence', [0x31, 0]],
    ['an endless one', [0x30, 0x80, 0, 0]],
    ['one too long to be true', [0x30, 0x84, 0xff, 0xff, 0xff, 0xff]],
    ['an empty one', [0x30, 0]],
    ['no result', [0x30, 5, 2, 1, 5, 0x61, 0]],
    ['HTTP', Array.from(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))],
  ])('tells %s', (_, bytes) => {
    expect(readLdapResult(Uint8Array.from(bytes))).toBe('broken')
  })

  it('survives anything', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void readLdapResult(bytes)))
  })
})
