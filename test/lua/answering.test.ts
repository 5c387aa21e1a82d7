import { describe, expect, it } from 'vitest'
import { clientRequest, incoming } from '../proxy/fakes.ts'
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

it('tells gRPC clients a text in a header', async () => {
  const access = ['kong.response.exit(403, "no entry")']
  const { gateway } = await openLua({
    plugins_of_route: [{ name: 'pre-function', config: { access } }],
  })
  const { headers, body } = await gateway.handle(
    clientRequest({ httpVersion: '2', target: '/', headers: ['content-type', 'application/grpc'] }),
  )
  const told = headers.map((text) => text.toLowerCase())
  expect([told[told.indexOf('grpc-status') + 1], told[told.indexOf('grpc-message') + 1]]).toEqual([
    '7',
    'no entry',
  ])
  expect(body).toBeUndefined()
})
