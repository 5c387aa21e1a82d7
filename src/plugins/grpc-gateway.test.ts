import { describe, expect, it } from 'vitest'
import { openGateway } from '../../test/plugins/open-gateway.ts'
import { type Answering, incoming, valuesOf } from '../../test/proxy/fakes.ts'
import { writeFrame } from '../lib/grpc/frames.ts'
import type { Files } from '../ports/files.ts'

const PROTO = `
syntax = "proto3";
package hello;
import "types.proto";
import "google/api/annotations.proto";
service Greeter {
  rpc Get(types.Request) returns (types.Reply) {
    option (google.api.http) = {
      get: "/v1/users/{name}/{inner.id}"
      additional_bindings { get: "/v1/{name=files/**}:read" }
      additional_bindings { post: "/v1/users" body: "*" }
      additional_bindings { put: "/v1/users/{name}" body: "inner" }
    };
  }
}`
const TYPES = `
syntax = "proto3";
package types;
message Inner { int32 id = 1; bool on = 2; }
message Request { string name = 1; Inner inner = 2; repeated int32 n = 3; }
message Reply { string text = 1; int64 big = 2; }`

/** JSON that nests deeper than Kong reads. */
const DEEP = `{"a":${'['.repeat(2000)}${']'.repeat(2000)}}`

function filesOf(all: Readonly<Record<string, string>>): Files & { readonly reads: string[] } {
  const reads: string[] = []
  return {
    reads,
    append: async () => {},
    close: async () => {},
    async read(path) {
      reads.push(path)
      const text = all[path]
      if (text === undefined) throw new Error('ENOENT')
      return new TextEncoder().encode(text)
    },
  }
}

/** A Reply whose text is `hi`. */
const REPLY = writeFrame(0, Uint8Array.of(10, 2, 104, 105))

function open(
  answer: Answering = () => incoming({ body: REPLY }),
  config?: object,
  all: Readonly<Record<string, string>> = { '/p/hello.proto': PROTO, '/p/types.proto': TYPES },
) {
  const files = filesOf(all)
  const plugin = { name: 'grpc-gateway', config: config ?? { proto: '/p/hello.proto' } }
  const route = { paths: ['/'], protocols: ['http'], plugins: [plugin] }
  return openGateway({
    files,
    config: { services: [{ name: 'g', url: 'grpc://g.test:50051', routes: [route] }] },
    upstream: answer,
  }).then((rig) => ({ ...rig, files }))
}

describe('a call', () => {
  it.each<{ method: string; path: string; body?: string; message: string }>([
    { method: 'GET', path: '/v1/users/ann/7', message: '0a03616e6e12020807' },
    {
      method: 'GET',
      path: '/v1/users/a%20b/7?n=1&n=2&inner.on=true',
      message: '0a0361206212040807100118011802',
    },
    // Kong: what is kept as it is in a path is in a field, too.
    { method: 'GET', path: '/v1/users/%C3%A9%2Fx/7', message: '0a06c3a92532467812020807' },
    { method: 'GET', path: '/v1//users/./ann/7', message: '0a03616e6e12020807' },
    { method: 'GET', path: '/v1/files/a/b:read?n=3', message: '0a0966696c65732f612f621803' },
    {
      method: 'POST',
      path: '/v1/users?name=x',
      body: '{"name":"ann","n":[5]}',
      message: '0a03616e6e1805',
    },
    { method: 'POST', path: '/v1/users', message: '' },
    { method: 'PUT', path: '/v1/users/ann', body: '{"id":9}', message: '0a03616e6e12020809' },
    { method: 'GET', path: '/v1/files/a:read?inner.on=0', message: '0a0766696c65732f6112021000' },
    { method: 'GET', path: '/v1/files/a:read?inner.on=2', message: '0a0766696c65732f6112021001' },
    { method: 'GET', path: '/v1/files/a:read?no.such=1&x=2', message: '0a0766696c65732f61' },
  ])('$method $path goes up as a message', async ({ method, path, body, message }) => {
    const { ask, transport } = await open()
    const answer = await ask(path, { method, ...(body === undefined ? {} : { body }) })
    const sent = transport.sent[0]
    expect([sent?.method, sent?.target, sent?.http2]).toEqual(['POST', '/hello.Greeter/Get', true])
    const bytes = Buffer.from(message, 'hex')
    expect(sent?.body).toEqual(writeFrame(0, new Uint8Array(bytes)))
    expect(valuesOf(sent?.headers ?? [], 'content-type')).toEqual(['application/grpc'])
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({ text: 'hi', big: 0 })
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  })

  it.each<{ method: string; path: string; body?: string; text: string }>([
    {
      method: 'DELETE',
      path: '/v1/users/a',
      text: 'failed to transcode .proto file Unknown method "delete"',
    },
    { method: 'GET', path: '/v2', text: 'failed to transcode .proto file Unknown path "/v2"' },
    { method: 'POST', path: '/v1/users', body: '[]', text: 'body must be a table' },
    {
      method: 'POST',
      path: '/v1/users',
      body: '{"name":"ann}',
      text: 'decode json err: Expected value but found unexpected end of string at character 14',
    },
    {
      method: 'POST',
      path: '/v1/users',
      body: DEEP,
      text: 'decode json err: Found too many nested data structures (1001) at character 1005',
    },
  ])('$method $path is refused: $text', async ({ method, path, body, text }) => {
    const { ask, transport } = await open()
    const answer = await ask(path, { method, ...(body === undefined ? {} : { body }) })
    expect([answer.status, answer.text]).toEqual([400, text])
    expect(transport.sent).toHaveLength(0)
  })

  it.each<{ method: string; path: string; body?: string; why: string }>([
    { method: 'GET', path: '/v1/users/ann/x', why: "'id': expected an integer" },
    { method: 'POST', path: '/v1/users', body: '{"name":1}', why: "'name': expected a string" },
    { method: 'POST', path: '/v1/users', body: '{"name":null}', why: "'name': expected a value" },
    {
      method: 'POST',
      path: '/v1/users',
      body: '{"x":null,"inner":{"id":null}}',
      why: "'id': expected a value",
    },
  ])('$method $path $body that is no message is refused, the log says why', async (row) => {
    const { ask, transport, runtime } = await open()
    const { method, path, body, why } = row
    const answer = await ask(path, { method, ...(body === undefined ? {} : { body }) })
    expect([answer.status, answer.text]).toEqual([400, 'failed to encode payload'])
    expect(transport.sent).toHaveLength(0)
    expect(runtime.lines).toContain(`error: Cannot encode a message: ${why}`)
  })

  it.each([
    { status: '5', http: 404 },
    { status: '16', http: 401 },
    { status: '99', http: 500 },
    { status: '0', http: 200 },
  ])('that ends at once with $status is answered $http', async ({ status, http }) => {
    const { ask } = await open(() => incoming({ headers: ['grpc-status', status] }))
    expect((await ask('/v1/users/ann/7')).status).toBe(http)
  })

  it('is answered as messages come, however they are cut', async () => {
    const big = writeFrame(0, Uint8Array.of(16, 255, 255, 255, 255, 255, 255, 255, 255, 127))
    async function* body() {
      for (const byte of [...REPLY, ...big]) yield Uint8Array.of(byte)
    }
    const { ask } = await open(() => incoming({ body: body() }))
    expect((await ask('/v1/users/ann/7')).text).toBe(
      '{"text":"hi","big":0}{"text":"","big":"9223372036854775807"}',
    )
  })

  it('knows the files that come with every compiler', async () => {
    const proto = `
      syntax = "proto3";
      package b;
      import "google/protobuf/timestamp.proto";
      import "google/protobuf/struct.proto";
      import "google/protobuf/wrappers.proto";
      service Bouncer {
        rpc Bounce(Ball) returns (Ball) { option (google.api.http) = { post: "/b" body: "*" }; }
      }
      message Ball {
        string name = 1;
        google.protobuf.Timestamp at = 2;
        google.protobuf.Struct more = 3;
        google.protobuf.BoolValue round = 4;
      }`
    const { ask, transport } = await open(undefined, undefined, { '/p/hello.proto': proto })
    const body = '{"name":"x","round":{"value":true}}'
    expect((await ask('/b', { method: 'POST', body })).status).toBe(200)
    expect(transport.sent[0]?.body).toEqual(
      writeFrame(0, new Uint8Array(Buffer.from('0a017822020801', 'hex'))),
    )
  })

  it('reads the files once', async () => {
    const { ask, files } = await open()
    await ask('/v1/users/ann/7')
    await ask('/v1/users/ann/7')
    expect(files.reads).toEqual(['/p/hello.proto', '/p/types.proto'])
  })
})

it('a preflight is answered at once', async () => {
  const { ask, transport } = await open()
  const answer = await ask('/v1', { method: 'OPTIONS' })
  expect([answer.status, answer.text]).toEqual([200, 'OK'])
  expect(answer.headers.get('access-control-allow-methods')).toBe('GET,POST,PATCH,DELETE')
  expect(answer.headers.get('access-control-allow-headers')).toBe('content-type')
  expect(transport.sent).toHaveLength(0)
})

it.each([
  { why: 'no file', config: {}, status: 400 },
  { why: 'a file that is not there', config: { proto: '/nowhere' }, status: 500 },
])('with $why is answered $status', async ({ config, status }) => {
  const { ask, transport } = await open(undefined, config)
  expect((await ask('/v1/users/ann/7')).status).toBe(status)
  expect(transport.sent).toHaveLength(0)
})
