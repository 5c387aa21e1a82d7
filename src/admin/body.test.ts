import { describe, expect, it } from 'vitest'
import { MAX_BODY, readPayload } from './body.ts'
import { Refusal } from './reply.ts'

const read = (body: BodyInit | null, contentType?: string, yaml = false) => {
  const request = new Request('http://admin/', { method: 'POST', body })
  request.headers.delete('content-type')
  if (contentType !== undefined) request.headers.set('content-type', contentType)
  return readPayload(request, yaml).catch((thrown: unknown) => {
    if (thrown instanceof Refusal) return thrown.reply
    throw thrown
  })
}

const notJson = { status: 400, body: { message: 'Cannot parse JSON body' } }
const unsupported = { status: 415, body: { message: 'Unsupported media type' } }

describe('readPayload', () => {
  it.each([
    ['{"a":1}', 'application/json', { kind: 'json', value: { a: 1 } }],
    ['{"a":1}', 'application/json; charset=utf-8', { kind: 'json', value: { a: 1 } }],
    ['{"a":1}', 'application/jsonx', { kind: 'json', value: { a: 1 } }],
    ['[]', 'application/json', { kind: 'json', value: {} }],
    ['', 'application/json', notJson],
    ['{', 'application/json', notJson],
    ['null', 'application/json', notJson],
    ['"x"', 'application/json', notJson],
    ['[{}]', 'application/json', notJson],
    ['{}', 'Application/JSON', unsupported],
    ['x', 'text/plain', unsupported],
    ['a: 1', 'application/yaml', unsupported],
    ['x', undefined, unsupported],
    ['', undefined, { kind: 'json', value: {} }],
    [null, undefined, { kind: 'json', value: {} }],
    ['a=1', 'application/x-www-form-urlencoded', { kind: 'form', value: { a: '1' } }],
    [
      '{}',
      'application/json, text/plain',
      {
        status: 400,
        text: 'Multiple Content-Type headers not allowed',
      },
    ],
  ])('%j as %s', async (body, contentType, expected) => {
    expect(await read(body, contentType)).toEqual(expected)
  })

  it('takes YAML where it is a body', async () => {
    expect(await read('a: 1', 'text/yaml', true)).toEqual({ kind: 'yaml', text: 'a: 1' })
  })

  it('refuses bytes that are no UTF-8', async () => {
    const body = new Uint8Array([0x7b, 0xff, 0x7d])
    expect(await read(body, 'application/json')).toMatchObject({ status: 400 })
  })

  it.each([
    ['arrays', '['.repeat(200_000)],
    ['objects', '{"a":'.repeat(200_000)],
    ['closed arrays', `{"a":${'['.repeat(200)}${']'.repeat(200)}}`],
  ])('refuses deep %s', async (_name, body) => {
    expect(await read(body, 'application/json')).toEqual(notJson)
  })

  it('refuses more values than an entity can have, but for a document', async () => {
    const body = `{"a":[${'1,'.repeat(60_000)}1]}`
    expect(await read(body, 'application/json')).toEqual(notJson)
    expect(await read(body, 'application/json', true)).toMatchObject({ kind: 'json' })
  })

  it('counts no brackets inside strings', async () => {
    const value = { a: `\\"${'['.repeat(500)}` }
    expect(await read(JSON.stringify(value), 'application/json')).toEqual({ kind: 'json', value })
  })

  it('cuts an endless body', async () => {
    let pulled = 0
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1
        controller.enqueue(new Uint8Array(1024 * 1024))
      },
      cancel() {
        cancelled = true
      },
    })
    const request = new Request('http://admin/', { method: 'POST', body, ...{ duplex: 'half' } })
    await expect(readPayload(request, false)).rejects.toThrow('Payload too large')
    expect(cancelled).toBe(true)
    expect(pulled).toBeLessThan(14)
  })

  it('refuses a long body by its announced length', async () => {
    const request = new Request('http://admin/', {
      method: 'POST',
      headers: { 'content-length': String(MAX_BODY + 1) },
    })
    await expect(readPayload(request, false)).rejects.toThrow('Payload too large')
  })

  it('keeps prototype keys as plain data', async () => {
    await read('{"__proto__":{"polluted":1}}', 'application/json')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})
