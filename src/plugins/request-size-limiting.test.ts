import { describe, expect, it } from 'vitest'
import { openGateway, type Rig } from '../../test/plugins/open-gateway.ts'
import { clientRequest, failure, requestBody, textOf } from '../../test/proxy/fakes.ts'

/** An upstream behind a transport that reads the whole body, and fails when it cannot. */
async function guarded(config: object): Promise<Rig> {
  const rig = await openGateway({
    plugins_of_route: [{ name: 'request-size-limiting', config }],
  })
  const { send } = rig.transport
  rig.transport.send = async (outgoing) => {
    try {
      await textOf(outgoing.body)
    } catch {
      return failure({ phase: 'send', code: 'BODY' })
    }
    return send(outgoing)
  }
  return rig
}

function chunked(...sizes: number[]): RequestInit {
  const body = new ReadableStream({
    start(controller) {
      for (const size of sizes) controller.enqueue(new Uint8Array(size))
      controller.close()
    },
  })
  return { method: 'POST', body, duplex: 'half' } as RequestInit
}

const posted = (size: number, headers = {}): RequestInit => ({
  method: 'POST',
  body: 'x'.repeat(size),
  headers: { 'content-length': `${size}`, ...headers },
})

describe.each([
  { size_unit: 'bytes', allowed_payload_size: 1024 },
  { size_unit: 'kilobytes', allowed_payload_size: 1 },
])('a body may have 1024 bytes, in $size_unit', (config) => {
  it.each([
    { why: 'that long', init: posted(1024), status: 200 },
    { why: 'longer', init: posted(1025), status: 413 },
    { why: 'longer, asked before', init: posted(1025, { expect: '100-Continue' }), status: 417 },
    { why: 'none', init: {}, status: 200 },
    { why: 'of unknown length, that long', init: chunked(1000, 24), status: 200 },
    { why: 'of unknown length, longer', init: chunked(1000, 25), status: 413 },
  ])('$why: $status', async ({ init, status }) => {
    const { ask } = await guarded(config)
    const answer = await ask('/', init)
    expect(answer.status).toBe(status)
    if (status === 200) return
    const request_id = answer.headers.get('x-kong-request-id')
    expect(answer.text).toBe(
      `{\n  "message":"Request size limit exceeded",\n  "request_id":"${request_id}"\n}`,
    )
  })
})

it('takes megabytes where nothing is said', async () => {
  const { ask, transport } = await guarded({ allowed_payload_size: 1 })
  expect((await ask('/', posted(2 ** 20 + 1))).status).toBe(413)
  expect(transport.sent).toHaveLength(0)
  expect((await ask('/', posted(2 ** 20))).status).toBe(200)
})

describe('where a length has to be told', () => {
  const required = { require_content_length: true, allowed_payload_size: 8, size_unit: 'bytes' }

  it('refuses a request without a body', async () => {
    const { ask } = await guarded(required)
    const answer = await ask('/')
    expect(answer.status).toBe(411)
    expect(answer.json).toMatchObject({ message: 'A valid Content-Length header is required' })
  })

  it.each([
    { size: 8, httpVersion: '1.1', status: 200 },
    { size: 9, httpVersion: '1.1', status: 413 },
    { size: 8, httpVersion: '2', status: 411 },
  ] as const)('a body of $size in chunks, HTTP/$httpVersion: $status', async (row) => {
    const { gateway } = await guarded(required)
    const body = requestBody(['x'.repeat(row.size)], false)
    const { httpVersion } = row
    const request = clientRequest({
      host: 'a.test',
      target: '/',
      method: 'POST',
      body,
      httpVersion,
    })
    expect((await gateway.handle(request)).status).toBe(row.status)
  })
})

it('counts a body that a plugin before has read', async () => {
  const readBefore = { name: 'key-auth', config: { key_in_body: true, anonymous: 'nobody' } }
  const rig = await openGateway({
    config: { consumers: [{ username: 'nobody' }] },
    plugins_of_route: [
      readBefore,
      { name: 'request-size-limiting', config: { allowed_payload_size: 8, size_unit: 'bytes' } },
    ],
  })
  const init = { ...chunked(9), headers: { 'content-type': 'application/json' } }
  expect((await rig.ask('/', init)).status).toBe(413)
  expect(rig.transport.sent).toHaveLength(0)
})
