import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openGateway } from '../../test/plugins/open-gateway.ts'
import { clientRequest, requestBody, textOf } from '../../test/proxy/fakes.ts'

const SECRET = 'C2FVsBQIhrscChlQIMV+b5sSYspob7oD'
const BODY = '{"type":"user.created"}'
/** The rig's clock stands here. */
const NOW = 1_700_000_000

function sign(
  id: string,
  time: number | string,
  body: string | Uint8Array<ArrayBuffer>,
  secret = SECRET,
): string {
  const mac = createHmac('sha256', secret).update(`${id}.${time}.`).update(body)
  return `v1,${mac.digest('base64')}`
}

function open(config: Readonly<Record<string, unknown>> = {}) {
  const plugins_of_route = [{ name: 'standard-webhooks', config: { secret_v1: SECRET, ...config } }]
  return openGateway({ plugins_of_route })
}

function webhook(given: {
  headers?: Record<string, string | undefined>
  body?: string | Uint8Array<ArrayBuffer>
}) {
  const { body = BODY } = given
  const all = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': `${NOW}`,
    'webhook-signature': sign('msg_1', NOW, body),
    ...given.headers,
  }
  const headers = Object.entries(all).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  )
  return { method: 'POST', headers, body }
}

const GOOD = sign('msg_1', NOW, BODY)
const OTHER = sign('msg_1', NOW, BODY, 'another')

describe('a webhook', () => {
  it.each<{
    why: string
    headers?: Record<string, string | undefined>
    body?: string | Uint8Array<ArrayBuffer>
  }>([
    { why: 'signed' },
    { why: 'of bytes that are no text', body: Uint8Array.of(0, 0xff, 0xfe, 10, 13) },
    {
      why: 'signed at the last moment',
      headers: {
        'webhook-timestamp': `${NOW - 300}`,
        'webhook-signature': sign('msg_1', NOW - 300, BODY),
      },
    },
    {
      why: 'of a clock that runs ahead',
      headers: {
        'webhook-timestamp': `${NOW + 900}`,
        'webhook-signature': sign('msg_1', NOW + 900, BODY),
      },
    },
    { why: 'signed with the old secret too', headers: { 'webhook-signature': `${OTHER} ${GOOD}` } },
    { why: 'signed otherwise too', headers: { 'webhook-signature': `v1a,abcd ${GOOD}` } },
  ])('comes in: $why', async ({ headers = {}, body = BODY }) => {
    const { ask, transport } = await open()
    expect((await ask('/', webhook({ headers, body }))).status).toBe(200)
    const sent = transport.sent[0]?.body
    expect(sent).toEqual(new Uint8Array(Buffer.from(body)))
  })

  it.each<{ why: string; headers?: Record<string, string | undefined>; body?: string }>([
    { why: 'no id', headers: { 'webhook-id': undefined } },
    { why: 'no time', headers: { 'webhook-timestamp': undefined } },
    { why: 'no signature', headers: { 'webhook-signature': undefined } },
    { why: 'another id', headers: { 'webhook-id': 'msg_2' } },
    { why: 'another secret', headers: { 'webhook-signature': OTHER } },
    { why: 'another kind of signature', headers: { 'webhook-signature': GOOD.replace('1', '2') } },
    { why: 'half a signature', headers: { 'webhook-signature': GOOD.slice(0, 20) } },
    { why: 'a signature that is none', headers: { 'webhook-signature': 'v1,@' } },
    { why: 'no signature at all', headers: { 'webhook-signature': '' } },
    {
      why: 'old',
      headers: {
        'webhook-timestamp': `${NOW - 301}`,
        'webhook-signature': sign('msg_1', NOW - 301, BODY),
      },
    },
    {
      why: 'a time that is none',
      headers: {
        'webhook-timestamp': 'now',
        'webhook-signature': sign('msg_1', 'now', BODY),
      },
    },
    { why: 'nine signatures', headers: { 'webhook-signature': `${'v1,YQ== '.repeat(8)}${GOOD}` } },
    { why: 'no body', body: '', headers: { 'webhook-signature': sign('msg_1', NOW, '') } },
  ])('is refused: $why', async ({ headers = {}, body = BODY }) => {
    const { ask, transport } = await open()
    const answer = await ask('/', webhook({ headers, body }))
    expect(answer.status).toBe(400)
    expect(answer.json).toEqual({
      message: 'Bad request',
      request_id: answer.headers.get('x-kong-request-id'),
    })
    expect(transport.sent).toHaveLength(0)
  })

  it('whose body is another is refused', async () => {
    const { ask } = await open()
    expect((await ask('/', { ...webhook({}), body: `${BODY} ` })).status).toBe(400)
  })

  it.each([
    { tolerance: 301, status: 200 },
    { tolerance: 0, status: 400 },
  ])('may be $tolerance s old', async ({ tolerance, status }) => {
    const { ask } = await open({ tolerance_second: tolerance })
    const headers = {
      'webhook-timestamp': `${NOW - 301}`,
      'webhook-signature': sign('msg_1', NOW - 301, BODY),
    }
    expect((await ask('/', webhook({ headers }))).status).toBe(status)
  })

  it('that is too long to be held is refused', async () => {
    const { gateway } = await open()
    const body = { ...requestBody(['x']), length: 10 * 2 ** 20 + 1 }
    const headers = webhook({}).headers.flat()
    const answer = await gateway.handle(
      clientRequest({ host: 'a.test', target: '/', method: 'POST', headers, body }),
    )
    expect(answer.status).toBe(413)
    expect(await textOf(answer.body)).toContain('Request size limit exceeded')
  })
})
