import { expect, it } from 'vitest'
import { readPreview } from './answer-preview.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

it.each([
  ['nothing', undefined, { body: '', body_bytes: 0, body_cut: false }],
  ['text', bytes('grüezi'), { body: 'grüezi', body_bytes: 7, body_cut: false }],
  ['no text', new Uint8Array([0xff, 0]), { body: null, body_bytes: 2, body_cut: false }],
])('shows %s', async (_what, body, shown) => {
  expect(await readPreview({ body })).toEqual(shown)
})

it('cuts after 64 KiB, within a character if need be, and tells the sender', async () => {
  let cancelled = false
  async function* endless() {
    try {
      yield bytes('a')
      for (;;) yield bytes('ü'.repeat(1000))
    } finally {
      cancelled = true
    }
  }
  const told: boolean[] = []
  const shown = await readPreview({ body: endless(), finished: (whole) => told.push(whole) })
  expect(shown).toMatchObject({ body_bytes: 65_536, body_cut: true })
  expect(shown.body).toMatch(/^aü+$/)
  await Promise.resolve()
  expect([cancelled, told]).toEqual([true, [false]])
})

it('waits no longer than it is patient, and shows what came', async () => {
  async function* hanging() {
    yield bytes('first')
    await new Promise(() => undefined)
  }
  expect(await readPreview({ body: hanging() }, 1)).toMatchObject({ body: 'first', body_cut: true })
})

it('shows what came of an answer that broke off', async () => {
  async function* breaking() {
    yield bytes('half')
    throw new Error('gone')
  }
  expect(await readPreview({ body: breaking() })).toMatchObject({ body: 'half', body_cut: true })
})
