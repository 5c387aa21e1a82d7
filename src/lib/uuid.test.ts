import { describe, expect, it } from 'vitest'
import { isUuid, uuidV5 } from './uuid.ts'

describe('isUuid', () => {
  it.each([
    ['5f2be09e-de92-5059-859b-a01b35cf0d4a', true],
    ['5F2BE09E-DE92-F059-059B-A01B35CF0D4A', true],
    ['5f2be09e-de92-5059-859b-a01b35cf0d4', false],
    ['5f2be09e-de92-5059-859b-a01b35cf0d4a\n', false],
    ['5f2be09ede925059859ba01b35cf0d4a', false],
    ['gf2be09e-de92-5059-859b-a01b35cf0d4a', false],
    ['', false],
  ])('of %j is %s', (text, expected) => {
    expect(isUuid(text)).toBe(expected)
  })
})

describe('uuidV5', () => {
  it('makes the id of the DNS name in the RFC', () => {
    const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8'
    expect(uuidV5(dns, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2')
  })

  it('hashes names as UTF-8', () => {
    const namespace = 'fd02801f-0957-4a15-a55a-c8d9606f30b5'
    expect(uuidV5(namespace, 'café')).not.toBe(uuidV5(namespace, 'cafe'))
    expect(isUuid(uuidV5(namespace, '円'))).toBe(true)
  })
})
