import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSeal } from './sealed-text.ts'

const ours = createSeal('secret', 'cookie')

it('opens what it sealed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
      const sealed = await ours.seal(text)
      expect(sealed).toMatch(/^[\w-]+$/)
      expect(await ours.open(sealed)).toBe(text)
    }),
    { numRuns: 30 },
  )
})

it('never makes the same of the same', async () => {
  expect(await ours.seal('text')).not.toBe(await ours.seal('text'))
})

it('opens nothing that was changed', async () => {
  const sealed = Buffer.from(await ours.seal('text'), 'base64url')
  for (let i = 0; i < sealed.length; i++) {
    const changed = Buffer.from(sealed)
    changed.writeUInt8(changed.readUInt8(i) ^ 1, i)
    expect(await ours.open(changed.toString('base64url'))).toBeUndefined()
  }
})

it.each([
  ['another secret', createSeal('Secret', 'cookie')],
  ['another purpose', createSeal('secret', 'cookie2')],
])('opens nothing of %s', async (_, other) => {
  expect(await ours.open(await other.seal('text'))).toBeUndefined()
})

it.each(['', 'a', 'AAAA', 'A'.repeat(16), 'A'.repeat(60), '*', 'é'])(
  'opens no %j',
  async (text) => {
    expect(await ours.open(text)).toBeUndefined()
  },
)
