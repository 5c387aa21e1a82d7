import { describe, expect, it } from 'vitest'
import { openGateway } from '../../test/plugins/open-gateway.ts'
import {
  type Answering,
  clientRequest,
  failure,
  incoming,
  requestBody,
  textOf,
  valuesOf,
} from '../../test/proxy/fakes.ts'
import { writeFrame } from '../lib/grpc/frames.ts'
import type { Files } from '../ports/files.ts'

const encoder = new TextEncoder()
const MESSAGE = Buffer.from(writeFrame(0, encoder.encode('hello')))
const trailer = (status: string, message = '') =>
  Buffer.from(
    writeFrame(0x80, encoder.encode(`grpc-status:${status}\r\ngrpc-message:${message}\r\n`)),
  )

interface Options {
  readonly config?: Readonly<Record<string, unknown>>
  readonly answer?: Answering
}

const PROTO =
  'package hello; message M { string a = 1; } service Greeter { rpc Hello(M) returns (M); }'

/** JSON that nests deeper than Kong reads. */
const DEEP = `{"a":${'['.repeat(2000)}${']'.repeat(2000)}}`

const files: Files = {
  append: async () => {},
  close: async () => {},
  read: async () => encoder.encode(PROTO),
}

function open({ config = {}, answer }: Options = {}) {
  const route = { paths: ['/api'], protocols: ['http'], plugins: [{ name: 'grpc-web', config }] }
  const answered: Answering = () =>
    incoming({
      headers: ['Content-Type', 'application/grpc'],
      body: MESSAGE,
      trailers: () => ['grpc-status', '0'],
    })
  return openGateway({
    files,
    config: { services: [{ name: 'g', url: 'grpc://g.test:50051', routes: [route] }] },
    upstream: answer ?? answered,
  })
}

function call(type: string, body: Buffer | string, method = 'POST'): RequestInit {
  return { method, body: Uint8Array.from(Buffer.from(body)), headers: { 'Content-Type': type } }
}

const PATH = '/api/hello.Greeter/Hello'

describe('a call', () => {
  it.each(['application/grpc-web', 'application/grpc-web+proto'])(
    'of %s goes up as it is, and its answer ends by a frame of trailers',
    async (type) => {
      const { ask, transport } = await open()
      const answer = await ask(PATH, call(type, MESSAGE))
      const sent = transport.sent[0]
      expect(sent?.http2).toBe(true)
      expect(sent?.target).toBe(PATH)
      expect(await textOf(sent?.body)).toBe(MESSAGE.toString())
      expect(valuesOf(sent?.headers ?? [], 'content-type')).toEqual(['application/grpc'])
      expect(valuesOf(sent?.headers ?? [], 'te')).toEqual(['trailers'])
      expect(answer.headers.get('content-type')).toBe(type)
      expect(answer.headers.get('access-control-allow-origin')).toBe('*')
      expect(answer.text).toBe(Buffer.concat([MESSAGE, trailer('0')]).toString())
    },
  )

  it.each(['application/grpc-web-text', 'application/grpc-web-text+proto'])(
    'of %s is translated from base64 and to it',
    async (type) => {
      const { ask, transport } = await open()
      const halves = [MESSAGE.subarray(0, 4), MESSAGE.subarray(4)]
      const body = halves.map((half) => half.toString('base64')).join('')
      const answer = await ask(PATH, call(type, body))
      const sent = transport.sent[0]
      expect(sent?.body).toEqual(new Uint8Array(MESSAGE))
      expect(valuesOf(sent?.headers ?? [], 'content-length')).toEqual([`${MESSAGE.length}`])
      expect(answer.headers.get('content-type')).toBe(type)
      expect(answer.text).toBe(MESSAGE.toString('base64') + trailer('0').toString('base64'))
    },
  )

  it.each([
    { config: {}, target: PATH },
    { config: { pass_stripped_path: false }, target: PATH },
    { config: { pass_stripped_path: true }, target: '/hello.Greeter/Hello' },
  ])('with $config goes to $target', async ({ config, target }) => {
    const { ask, transport } = await open({ config })
    await ask(PATH, call('application/grpc-web', MESSAGE))
    expect(transport.sent[0]?.target).toBe(target)
  })

  it('that fails is told so in the frame', async () => {
    const { ask } = await open({
      answer: () =>
        incoming({ body: '', trailers: () => ['grpc-status', '5', 'grpc-message', 'no such'] }),
    })
    const answer = await ask(PATH, call('application/grpc-web', MESSAGE))
    expect(answer.text).toBe(trailer('5', 'no such').toString())
  })

  it('that is answered by headers alone gets them in a frame too', async () => {
    const { ask } = await open({ answer: () => incoming({ headers: ['Grpc-Status', '12'] }) })
    const answer = await ask(PATH, call('application/grpc-web', MESSAGE))
    expect(answer.text).toBe(trailer('12').toString())
    expect(answer.headers.get('content-length')).toBe(`${answer.text.length}`)
  })

  it('has no trailers beside the frame', async () => {
    const { gateway } = await open()
    const answer = await gateway.handle(
      clientRequest({
        host: 'a.test',
        target: PATH,
        method: 'POST',
        headers: ['Content-Type', 'application/grpc-web', 'TE', 'trailers'],
        body: requestBody(['x']),
      }),
    )
    expect(answer.trailers?.() ?? []).toEqual([])
    expect(await textOf(answer.body)).toContain('grpc-status:0')
  })

  it('that comes to nothing is told in headers', async () => {
    const { ask } = await open({ answer: () => failure() })
    const answer = await ask(PATH, call('application/grpc-web', MESSAGE))
    expect(answer.headers.get('grpc-status')).toBe('13')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.text).toBe('')
  })
})

describe('an answer without going up', () => {
  it('is what a preflight gets', async () => {
    const { ask, transport } = await open({ config: { allow_origin_header: 'https://a.test' } })
    const answer = await ask(PATH, { method: 'OPTIONS' })
    expect(answer.status).toBe(200)
    expect(answer.text).toBe('OK')
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/grpc-web-text+proto',
      'access-control-allow-origin': 'https://a.test',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type,x-grpc-web,x-user-agent',
    })
    expect(transport.sent).toHaveLength(0)
  })

  it.each(['application/json', 'application/grpc-web+json', 'text/plain'])(
    'is what %s gets, which no file explains',
    async (type) => {
      const { ask, transport } = await open()
      const answer = await ask(PATH, call(type, '{}'))
      expect(answer.status).toBe(400)
      expect(answer.text).toBe('transcoding requests require a .proto file defining the service')
      expect(transport.sent).toHaveLength(0)
    },
  )

  it.each(['A', 'AAAA=', '=', 'A*AA'])('is what the base64 %j gets', async (body) => {
    const { ask, transport } = await open()
    expect((await ask(PATH, call('application/grpc-web-text', body))).status).toBe(400)
    expect(transport.sent).toHaveLength(0)
  })
})

describe('JSON', () => {
  const config = { proto: '/hello.proto', pass_stripped_path: true }
  /** `{ a: 'x' }`, as a gRPC message. */
  const RAW = writeFrame(0, Uint8Array.of(10, 1, 120))
  const FRAMED = Buffer.from(writeFrame(0, encoder.encode('{"a":"x"}')))
  const answer: Answering = () => incoming({ body: RAW, trailers: () => ['grpc-status', '0'] })

  it.each([
    { type: 'application/json', body: '{"a":"x"}', answered: '{"a":"x"}' },
    {
      type: 'application/grpc-web+json',
      body: FRAMED,
      answered: Buffer.concat([FRAMED, trailer('0')]).toString(),
    },
    {
      type: 'application/grpc-web-text+json',
      body: FRAMED.toString('base64'),
      answered: FRAMED.toString('base64') + trailer('0').toString('base64'),
    },
  ])('of $type is translated by the file, there and back', async ({ type, body, answered }) => {
    const { ask, transport } = await open({ config, answer })
    const { status, text, headers } = await ask(PATH, call(type, body))
    expect(transport.sent[0]?.body).toEqual(RAW)
    expect([status, headers.get('content-type'), text]).toEqual([200, type, answered])
  })

  it.each([
    { path: '/api/hello.Greeter/Bye', body: '{}', text: 'Unkown path "/hello.Greeter/Bye"' },
    { path: PATH, body: '{', text: 'body must be JSON' },
    { path: PATH, body: DEEP, text: 'body must be JSON' },
    { path: PATH, body: '{"a":{}}', text: "'a': expected a string" },
  ])('is refused: $text', async ({ path, body, text }) => {
    const { ask, transport } = await open({ config, answer })
    const refused = await ask(path, call('application/json', body))
    expect([refused.status, refused.text]).toEqual([400, text])
    expect(transport.sent).toHaveLength(0)
  })
})
