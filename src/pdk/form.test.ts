import { describe, expect, it } from 'vitest'
import type { ClientSide } from './exchange.ts'
import { readForm } from './form.ts'

/** A request with a form, as far as reading it needs one. */
function posting(text: string): { readonly request: ClientSide } {
  const headers = { get: () => 'application/x-www-form-urlencoded' }
  const readBody = async () => new TextEncoder().encode(text)
  return { request: { headers, hasBody: true, readBody } as unknown as ClientSide }
}

const fieldsOf = async (text: string) => (await readForm(posting(text), 1e9))?.fields

describe('a form', () => {
  it.each([
    { text: 'a=1&b=2', fields: { a: '1', b: '2' } },
    { text: 'a=1&b=2&a=3&a=4', fields: { a: ['1', '3', '4'], b: '2' } },
    { text: 'a&b=', fields: { a: '', b: '' } },
    { text: '', fields: {} },
  ])('$text', async ({ text, fields }) => {
    expect(await fieldsOf(text)).toEqual(fields)
  })

  it('may have a field of any name', async () => {
    const fields = await fieldsOf('__proto__=1&constructor=2')
    expect(Object.entries(fields ?? {})).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ])
  })

  // Looking for every name among all pairs took minutes for such a body, and everybody waited.
  it('of very many names, or of one name very often, is read at once', async () => {
    const pairs = Array.from({ length: 100_000 }, (_, i) => `n${i}`)
    expect(Object.keys((await fieldsOf(pairs.join('&'))) ?? {})).toHaveLength(100_000)
    const often = await fieldsOf(pairs.map(() => 'a=1').join('&'))
    expect(often?.a).toHaveLength(100_000)
  })
})
