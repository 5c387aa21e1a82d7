import { describe, expect, it } from 'vitest'
import { readToken } from './json-web-token.ts'

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const HEADER = encode({ alg: 'HS256', typ: 'JWT' })
const CLAIMS = encode({ iss: 'ü' })

describe('taking a token apart', () => {
  it('gives its parts', () => {
    expect(readToken(`${HEADER}.${CLAIMS}.AQI`)).toEqual({
      header: { alg: 'HS256', typ: 'JWT' },
      claims: { iss: 'ü' },
      algorithm: 'HS256',
      signed: `${HEADER}.${CLAIMS}`,
      signature: Uint8Array.of(1, 2),
    })
  })

  it.each([
    ['', 'invalid JSON'],
    ['a', 'invalid JSON'],
    [`${HEADER}.${CLAIMS}`, 'invalid JSON'],
    [`*.${CLAIMS}.AQI`, 'invalid JSON'],
    [`${HEADER}.e30x.AQI`, 'invalid JSON'],
    [`${encode(1)}.${CLAIMS}.AQI`, 'invalid alg'],
    [`${encode(null)}.${CLAIMS}.AQI`, 'invalid alg'],
    [`${encode({})}.${CLAIMS}.AQI`, 'invalid alg'],
    [`${encode({ alg: 'none' })}.${CLAIMS}.`, 'invalid alg'],
    [`${encode({ alg: 'nOnE' })}.${CLAIMS}.`, 'invalid alg'],
    [`${encode({ alg: ['HS256'] })}.${CLAIMS}.AQI`, 'invalid alg'],
    [`${encode({ alg: 'constructor' })}.${CLAIMS}.AQI`, 'invalid alg'],
    [`${HEADER}.${encode(null)}.AQI`, 'invalid claims'],
    [`${HEADER}.${encode(['iss'])}.AQI`, 'invalid claims'],
    [`${HEADER}.${encode('iss')}.AQI`, 'invalid claims'],
    [`${HEADER}.${CLAIMS}.A`, 'invalid signature'],
    [`${HEADER}.${CLAIMS}.AQI.AQI`, 'invalid signature'],
  ])('says of %j: %s', (token, error) => {
    expect(readToken(token)).toEqual({ error })
  })
})
