import { describe, expect, it } from 'vitest'
import type { ClientSide } from './exchange.ts'
import { readForm } from './form.ts'

/** A request with a form, as far as reading it needs one. */
function posting(
  text: string,
  type = 'application/x-www-form-urlencoded',
): {
  readonly request: ClientSide
} {
  const headers = { get: () => type }
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

  it('of parts has a list where several have one name', async () => {
    const part = (name: string, value: string) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
    const text = `${part('a', '1')}${part('b', '2')}${part('a', '3')}--b--\r\n`
    const form = await readForm(posting(text, 'multipart/form-data; boundary=b'), 1e9)
    expect(form?.fields).toEqual({ a: ['1', '3'], b: '2' })
  })

  it.each([
    { type: 'Application/JSON', kind: 'json' },
    { type: 'application/json-patch+json; charset=utf-8', kind: 'json' },
    { type: 'text/json', kind: undefined },
  ])('of type $type is $kind', async ({ type, kind }) => {
    expect((await readForm(posting('{}', type), 1e9))?.kind).toBe(kind)
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
