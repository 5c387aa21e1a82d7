import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { hmacCheck } from './hmac-check.ts'

const text = Uint8Array.from(Buffer.from('text'))
const signed = (algorithm: string, secret: string) =>
  Uint8Array.from(createHmac(algorithm.slice(5), secret).update(text).digest())

it.each(['hmac-sha1', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512'])('%s', async (algorithm) => {
  const check = hmacCheck(algorithm, 'sécret')
  expect(await check(signed(algorithm, 'sécret'), text)).toBe(true)
  expect(await check(signed(algorithm, 'secret'), text)).toBe(false)
  expect(await check(signed(algorithm, 'sécret').slice(1), text)).toBe(false)
  expect(await check(new Uint8Array(), text)).toBe(false)
})

it('takes nothing for signed with an empty secret', async () => {
  for (const algorithm of ['hmac-sha256', 'hmac-sha512']) {
    expect(await hmacCheck(algorithm, '')(signed(algorithm, ''), text)).toBe(false)
  }
})
