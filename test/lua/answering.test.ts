import { describe, expect, it } from 'vitest'
import { clientRequest, incoming, valuesOf } from '../proxy/fakes.ts'
import { openLua } from './open-lua.ts'

/** The answer to a request, with one function in one phase. */
async function answerBy(phase: string, code: string) {
  const config = { [phase]: [code] }
  const { ask, runtime } = await openLua({
    plugins_of_route: [{ name: 'pre-function', config }],
    upstream: () =>
      incoming({ body: new TextEncoder().encode('up'), headers: ['Content-Type', 'text/x-up'] }),
  })
  return { ...(await ask('/')), lines: runtime.lines }
}

describe('the type of an answer', () => {
  it.each([
    { code: 'kong.response.exit(200, "hi")', type: null },
    { code: 'kong.response.exit(200)', type: null },
    { code: 'ngx.say("hi")', type: null },
    { code: 'ngx.header["Content-Type"] = "text/x" ngx.say("hi")', type: 'text/x' },
    { code: 'kong.response.exit(200, { a = 1 })', type: 'application/json; charset=utf-8' },
    { code: 'kong.response.exit(200, { a = 1 }, { content_type = "text/x" })', type: 'text/x' },
  ])('$code', async ({ code, type }) => {
    expect((await answerBy('access', code)).headers.get('content-type')).toBe(type)
  })
})

it.each([
  { code: 'kong.response.exit(200, { a = "b/c" })', text: '{"a":"b\\/c"}' },
  { code: 'kong.response.exit(200, {})', text: '{}' },
  { code: 'kong.response.exit(200, { 1, nil, 3 })', text: '[1,null,3]' },
  {
    code: 'ngx.print(1/3, nil, true, ngx.null, { "a", { 1 } })',
    text: '0.33333333333333niltruenulla1',
  },
  { code: 'kong.response.exit(200.9, "a")', text: 'a' },
  {
    code: 'kong.response.exit(200, { 9007199254740992, 1/3, 0.1 })',
    text: '[9007199254740992,0.3333333333333333,0.1]',
  },
])('$code says $text', async ({ code, text }) => {
  const answer = await answerBy('access', code)
  expect([answer.status, answer.text]).toEqual([200, text])
})

it.each([
  { code: 'kong.response.set_header("X_A", "1")', name: 'x-a', value: '1' },
  { code: 'kong.response.add_header("X_A", "1")', name: 'x-a', value: '1' },
  { code: 'kong.response.set_headers({ x_a = { "1", "2" } })', name: 'x-a', value: '1, 2' },
  { code: 'kong.response.set_header("X-A", 1/3)', name: 'x-a', value: '0.33333333333333' },
  { code: 'kong.response.clear_header("content_type")', name: 'content-type', value: null },
  { code: 'ngx.header.x_a = { "1", 2 }', name: 'x-a', value: '1, 2' },
  { code: 'kong.response.exit(200, "a", { X_A = "1" })', name: 'x-a', value: '1' },
])('names headers with hyphens: $code', async ({ code, name, value }) => {
  for (const phase of ['access', 'header_filter']) {
    expect((await answerBy(phase, code)).headers.get(name)).toBe(value)
  }
})

it.each([
  'kong.response.set_header("Transfer-Encoding", "gzip")',
  'kong.response.set_headers({ transfer_encoding = "gzip" })',
  'kong.response.exit(200, "a", { ["transfer-encoding"] = "gzip" })',
])('leaves the framing to us: %s', async (code) => {
  const { headers, lines } = await answerBy('header_filter', code)
  expect(headers.get('transfer-encoding')).toBe(null)
  expect(lines.join()).toContain('manually setting Transfer-Encoding. Ignored.')
})

describe('an answer of the type gRPC', () => {
  const own = '{ content_type = "application/grpc" }'
  const choose = 'kong.response.set_header("Content-Type", "application/grpc") '
  it.each([
    { code: `kong.response.exit(200, "hi", ${own})`, told: ['0', 'OK', 'hi'] },
    { code: `${choose}kong.response.exit(200, "hi")`, told: ['0', 'OK', 'hi'] },
    { code: `${choose}kong.response.exit(401)`, told: ['16', 'Unauthenticated', ''] },
    {
      code: `${choose}kong.response.exit(200, "hi", { ["grpc-message"] = "mine" })`,
      told: ['0', 'mine', 'hi'],
    },
    {
      code: `${choose}kong.response.exit(200, "hi", { ["grpc-status"] = "5" })`,
      told: ['5', null, 'hi'],
    },
    { code: 'kong.response.exit(200, "hi")', told: [null, null, 'hi'] },
  ])('$code tells $told', async ({ code, told }) => {
    const { headers, text } = await answerBy('access', code)
    expect([headers.get('grpc-status'), headers.get('grpc-message'), text]).toEqual(told)
  })

  it.each([`kong.response.exit(401, {}, ${own})`, `${choose}kong.response.exit(401, {})`])(
    'takes no table: %s',
    async (code) => {
      const { status, lines } = await answerBy('access', code)
      expect([status, lines.join()]).toEqual([
        500,
        expect.stringContaining('table body encoding with gRPC is not supported'),
      ])
    },
  )
})

describe('an error of a type that its headers name', () => {
  it.each([
    { type: 'application/xml', begins: '<?xml' },
    { type: 'text/html; charset=utf-8', begins: '<!doctype html>' },
    { type: 'text/plain', begins: 'no\nrequest_id: ' },
    { type: 'application/json', begins: '{\n  "message":"no"' },
  ])('$type', async ({ type, begins }) => {
    const code = `kong.response.error(503, "no", { ["Content-Type"] = "${type}", ["X-A"] = "1" })`
    const { status, text, headers } = await answerBy('access', code)
    expect([status, headers.get('content-type'), headers.get('x-a')]).toEqual([503, type, '1'])
    expect(text.slice(0, begins.length)).toBe(begins)
  })

  it('refuses one it has no form for', async () => {
    const code = 'kong.response.error(503, "no", { ["Content-Type"] = "image/png" })'
    const { status, lines } = await answerBy('access', code)
    expect([status, lines.join()]).toEqual([
      500,
      expect.stringContaining('no template found for MIME type image/png'),
    ])
  })
})

it('shows the body of the service to what runs when the answer has left', async () => {
  const code = 'kong.log.notice("<", kong.service.response.get_raw_body(), ">")'
  const { text, lines } = await answerBy('log', code)
  expect([text, lines.join()]).toEqual(['up', expect.stringContaining('<up>')])
})

it('gives a body as often as it is asked for', async () => {
  const asked = 'kong.response.get_raw_body() '
  const { text } = await answerBy('body_filter', `${asked}${asked}${asked}`)
  expect(text).toBe('up')
})

it('replaces an answer with its head', async () => {
  const code = 'kong.response.exit(203, "new", { ["X-A"] = "1" })'
  const { status, text, headers } = await answerBy('header_filter', code)
  expect([status, text, headers.get('x-a')]).toEqual([203, 'new', '1'])
})

it.each([
  { code: 'kong.response.set_raw_body("")', text: '\n' },
  { code: 'kong.response.set_raw_body("a")', text: 'a' },
  {
    code: 'if not kong.ctx.plugin.done then kong.ctx.plugin.done = true kong.response.set_raw_body("a") end',
    text: 'a',
  },
  {
    code: 'local b = kong.response.get_raw_body() if b then kong.response.set_raw_body(b .. "!") end',
    text: 'up!',
  },
])('sets a body and ends it: $code', async ({ code, text }) => {
  expect((await answerBy('body_filter', code)).text).toBe(text)
})

it.each([
  { code: 'kong.response.exit(403, "no entry")', message: 'no entry' },
  { code: 'kong.response.exit(403, "this", { ["grpc-message"] = "not this" })', message: 'this' },
  { code: 'kong.response.exit(403, nil, { ["grpc-message"] = "mine" })', message: 'mine' },
  { code: 'kong.response.exit(403, { message = "of it" })', message: 'of it' },
  { code: 'kong.response.exit(403, {})', message: 'PermissionDenied' },
])('tells gRPC clients a message in a header: $code', async ({ code, message }) => {
  const { gateway } = await openLua({
    plugins_of_route: [{ name: 'pre-function', config: { access: [code] } }],
  })
  const { headers, body } = await gateway.handle(
    clientRequest({ httpVersion: '2', target: '/', headers: ['content-type', 'application/grpc'] }),
  )
  expect(valuesOf(headers, 'grpc-status')).toEqual(['7'])
  expect(valuesOf(headers, 'grpc-message')).toEqual([message])
  expect(body).toBeUndefined()
})

it('tells them a value under a type of its own as it is', async () => {
  const access = ['kong.response.exit(200, { a = 1 }, { ["Content-Type"] = "application/json" })']
  const { gateway } = await openLua({
    plugins_of_route: [{ name: 'pre-function', config: { access } }],
  })
  const { headers } = await gateway.handle(
    clientRequest({ httpVersion: '2', target: '/', headers: ['content-type', 'application/grpc'] }),
  )
  expect(valuesOf(headers, 'grpc-status')).toEqual([])
  expect(valuesOf(headers, 'content-type')).toEqual(['application/json'])
})
