import { describe, expect, it } from 'vitest'
import { settingsWith, textOf, valuesOf } from '../../test/proxy/fakes.ts'
import { formOf } from './accept.ts'
import { bareAnswer, errorAnswer } from './error-body.ts'

const id = '0123456789abcdef0123456789abcdef'
const base = { status: 404, requestId: id, settings: settingsWith() }
const asking = (...headers: string[]) => ({ method: 'GET', headers })
const byHttp2 = (...headers: string[]) => ({ ...asking(...headers), httpVersion: '2' as const })

it.each([
  { accept: '*/*', form: 'json' },
  { accept: 'application/*', form: 'json' },
  { accept: 'text/*', form: 'plain' },
  { accept: 'text/plain', form: 'plain' },
  { accept: 'TEXT/HTML', form: 'json' },
  { accept: 'text/html;level=1;q=0.3, text/plain;q=0.4', form: 'plain' },
  { accept: 'text/html;v=1;q=0.3, text/plain;q=0.4', form: 'html' },
  { accept: 'text/html;q=.3, text/plain;q=0.4', form: 'html' },
  { accept: 'text/html;q=0.1239 , text/plain;Q=0.2', form: 'plain' },
  { accept: 'text/html;q=2, text/plain', form: 'html' },
  { accept: 'text/html q=0.1, text/plain;q=0.9', form: 'html' },
  { accept: ' , ;q=1, text/xml;q=0.1', form: 'json' },
  { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', form: 'html' },
  { accept: 'text/html;q=0.3, application/xml;q=0.9', form: 'xml' },
  { accept: 'text/plain;q=0.5,text/html;q=0.5', form: 'plain' },
  { accept: 'image/png', form: 'json' },
  { accept: 'image/png, text/html;q=0.5', form: 'json' },
  { accept: 'text/html;q=0', form: 'json' },
  { accept: '', form: 'json' },
  { accept: 'nonsense', form: 'json' },
  { accept: 'application/json; charset=utf-8', form: 'json' },
  { accept: 'application/grpc', form: 'grpc' },
  { accept: 'application/grpc+proto', form: 'json' },
])('answers "$accept" with $form', ({ accept, form }) => {
  expect(formOf(accept)).toBe(form)
})

describe('the two producers', () => {
  it.each([
    { fromServer: false, headers: [], type: 'application/json; charset=utf-8' },
    {
      fromServer: false,
      headers: ['Content-Type', 'text/html'],
      type: 'application/json; charset=utf-8',
    },
    { fromServer: false, headers: ['Accept', 'text/html'], type: 'text/html; charset=utf-8' },
    {
      fromServer: false,
      headers: ['Accept', 'text/html;q=0.5', 'accept', 'text/plain'],
      type: 'text/plain; charset=utf-8',
    },
    { fromServer: true, headers: [], type: 'text/plain; charset=utf-8' },
    {
      fromServer: true,
      headers: ['Accept', 'text/html;q=0.5', 'accept', 'text/plain'],
      type: 'text/html; charset=utf-8',
    },
    {
      fromServer: true,
      headers: ['Content-Type', 'application/xml; charset=x'],
      type: 'application/xml; charset=utf-8',
    },
    {
      fromServer: true,
      headers: ['Content-Type', 'text/html', 'accept', '*/*'],
      type: 'application/json; charset=utf-8',
    },
  ])('gives $type for $headers, from the server: $fromServer', ({ fromServer, headers, type }) => {
    const answer = errorAnswer({ ...base, fromServer, request: asking(...headers) })
    expect(valuesOf(answer.headers, 'content-type')).toEqual([type])
  })
})

it.each([
  {
    accept: 'application/json',
    body: `{\n  "message":"no Route matched with those values",\n  "request_id":"${id}"\n}`,
  },
  { accept: 'text/plain', body: `no Route matched with those values\nrequest_id: ${id}\n` },
])('writes $accept to the letter', async ({ accept, body }) => {
  const answer = errorAnswer({
    ...base,
    message: 'no Route matched with those values',
    request: asking('Accept', accept),
  })
  expect(await textOf(answer.body)).toBe(body)
  expect(valuesOf(answer.headers, 'content-length')).toEqual([String(body.length)])
})

it('writes html and xml with the message in its place', async () => {
  const html = errorAnswer({ ...base, request: asking('Accept', 'text/html') })
  expect(await textOf(html.body)).toContain('<p>Not found.</p>')
  const xml = errorAnswer({ ...base, request: asking('Accept', 'application/xml') })
  expect(await textOf(xml.body)).toContain(`<message>Not found</message>\n  <requestid>${id}<`)
})

it.each([
  { status: 400, text: 'Bad request' },
  { status: 405, text: 'Method not allowed' },
  { status: 413, text: 'Payload too large' },
  { status: 494, text: 'Bad request', sent: 400 },
  { status: 500, text: 'An unexpected error occurred' },
  { status: 502, text: 'An invalid response was received from the upstream server' },
  { status: 503, text: 'The upstream server is currently unavailable' },
  { status: 504, text: 'The upstream server is timing out' },
])('says "$text" for $status', async ({ status, text, sent = status }) => {
  const answer = errorAnswer({ ...base, status, fromServer: true })
  expect(answer.status).toBe(sent)
  expect(await textOf(answer.body)).toBe(`${text}\nrequest_id: ${id}\n`)
})

it('carries its own headers, and no Via', () => {
  const { headers } = errorAnswer({ ...base, latency: 3, headers: ['Upgrade', 'HTTP/2'] })
  expect(headers).toContain('X-Kong-Response-Latency')
  expect(valuesOf(headers, 'x-kong-response-latency')).toEqual(['3'])
  expect(valuesOf(headers, 'server')[0]).toMatch(/^gibbon\//)
  expect(valuesOf(headers, 'x-kong-request-id')).toEqual([id])
  expect(valuesOf(headers, 'upgrade')).toEqual(['HTTP/2'])
  expect(valuesOf(headers, 'via')).toEqual([])
})

it('sends none of its own headers when the setting is off', () => {
  const { headers } = errorAnswer({ ...base, settings: settingsWith({ headers: new Set() }) })
  expect(headers.filter((_, i) => i % 2 === 0)).toEqual(['Content-Type', 'Content-Length'])
})

it.each([
  { status: 400, grpc: '3', name: 'InvalidArgument' },
  { status: 401, grpc: '16', name: 'Unauthenticated' },
  { status: 403, grpc: '7', name: 'PermissionDenied' },
  { status: 404, grpc: '5', name: 'NotFound' },
  { status: 409, grpc: '6', name: 'AlreadyExists' },
  { status: 418, grpc: '3', name: 'InvalidArgument' },
  { status: 429, grpc: '8', name: 'ResourceExhausted' },
  { status: 499, grpc: '1', name: 'Canceled' },
  { status: 500, grpc: '13', name: 'Internal' },
  { status: 501, grpc: '12', name: 'Unimplemented' },
  { status: 502, grpc: '13', name: 'Internal' },
  { status: 503, grpc: '14', name: 'Unavailable' },
  { status: 504, grpc: '4', name: 'DeadlineExceeded' },
])('tells gRPC clients $grpc, $name for $status', ({ status, grpc, name }) => {
  const request = byHttp2('Content-Type', 'application/grpc')
  const answer = errorAnswer({ ...base, status, message: 'why', request })
  expect(valuesOf(answer.headers, 'grpc-status')).toEqual([grpc])
  expect(valuesOf(answer.headers, 'grpc-message')).toEqual([name])
  expect(answer.body).toBeUndefined()
})

it.each([
  { why: 'what Kong spells out', spelledOut: true },
  { why: "the server's errors", fromServer: true },
] as const)('tells gRPC clients the message of $why', ({ why, ...told }) => {
  const request = byHttp2('Content-Type', 'application/grpc')
  const answer = errorAnswer({ ...base, status: 503, message: why, request, ...told })
  expect(valuesOf(answer.headers, 'grpc-message')).toEqual([why])
})

it.each([false, true])('takes gRPC without HTTP/2 for none, from the server: %s', (fromServer) => {
  const request = { ...asking('Content-Type', 'application/grpc'), httpVersion: '1.1' as const }
  const answer = errorAnswer({ ...base, request, fromServer })
  expect(valuesOf(answer.headers, 'grpc-status')).toEqual([])
  expect(valuesOf(answer.headers, 'content-type')).toEqual(['application/json; charset=utf-8'])
})

it('keeps the length and drops the body for HEAD', () => {
  const answer = errorAnswer({ ...base, request: { method: 'HEAD', headers: [] } })
  expect(answer.body).toBeUndefined()
  expect(Number(valuesOf(answer.headers, 'content-length')[0])).toBeGreaterThan(40)
})

it('answers bare when there is nothing to say', () => {
  const answer = bareAnswer({ ...base, status: 301, headers: ['Location', 'https://a/'] })
  expect(answer.headers.slice(0, 4)).toEqual(['Location', 'https://a/', 'Content-Length', '0'])
})

it.each([
  ['application/json', 'json', 'say \\"no\\" & <go>'],
  ['text/html', 'html', 'say "no" &amp; &lt;go&gt;'],
  ['application/xml', 'xml', 'say "no" &amp; &lt;go&gt;'],
  ['text/plain', 'plain', 'say "no" & <go>'],
])('fills the template of %s with a message that is safe there', (accept, form, told) => {
  const settings = { ...settingsWith(), errorTemplates: { [form]: ['[', '] ', ''] } }
  const request = asking('Accept', accept)
  const made = errorAnswer({ ...base, settings, request, message: 'say "no" & <go>' })
  const body = made.body as Uint8Array
  expect(new TextDecoder().decode(body)).toBe(`[${told}] ${id}`)
  expect(valuesOf(made.headers, 'content-length')).toEqual([`${body.length}`])
})
