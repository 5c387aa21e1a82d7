import { describe, expect, it } from 'vitest'
import { openGateway } from '../../test/plugins/open-gateway.ts'

function asking(config: Readonly<Record<string, unknown>>) {
  return openGateway({ plugins_of_route: [{ name: 'ip-restriction', config }] })
}

// The rig's client comes from 10.0.0.9.
describe('an address', () => {
  it.each([
    { config: { allow: ['10.0.0.9'] }, status: 200 },
    { config: { allow: ['10.0.0.0/8', '192.168.0.0/16'] }, status: 200 },
    { config: { allow: ['::ffff:10.0.0.0/104'] }, status: 200 },
    { config: { allow: ['10.0.0.8'] }, status: 403 },
    { config: { deny: ['10.0.0.0/29'] }, status: 200 },
    { config: { deny: ['10.0.0.8/29'] }, status: 403 },
    { config: { deny: [], allow: ['10.0.0.9'] }, status: 200 },
    { config: { deny: ['10.0.0.1'], allow: [] }, status: 200 },
    { config: { allow: ['10.0.0.9'], deny: ['10.0.0.9'] }, status: 403 },
    { config: { allow: ['2001:db8::/32'], deny: ['2001:db8::1'] }, status: 403 },
  ])('gets $status with $config', async ({ config, status }) => {
    const { ask, transport } = await asking(config)
    expect((await ask('/')).status).toBe(status)
    expect(transport.sent).toHaveLength(status === 200 ? 1 : 0)
  })
})

it.each([
  { config: {}, status: 403, message: 'IP address not allowed: 10.0.0.9' },
  { config: { message: 'Not you' }, status: 403, message: 'Not you' },
  { config: { status: 451 }, status: 451, message: 'IP address not allowed: 10.0.0.9' },
])('is refused with $status and $message', async ({ config, status, message }) => {
  const { ask } = await asking({ deny: ['10.0.0.9'], ...config })
  const answer = await ask('/')
  expect(answer.status).toBe(status)
  expect(answer.json).toEqual({ message, request_id: answer.headers.get('x-kong-request-id') })
})

it.each([302, 999])('answers 500 where it is to refuse with %i', async (status) => {
  const { ask } = await asking({ deny: ['10.0.0.9'], status })
  const answer = await ask('/')
  expect([answer.status, answer.json]).toEqual([500, { message: 'An unexpected error occurred' }])
})

it('is that of the client behind a trusted proxy', async () => {
  const { ask } = await openGateway({
    plugins_of_route: [{ name: 'ip-restriction', config: { deny: ['192.0.2.7'] } }],
    settings: { trust: ['10.0.0.9'] },
  })
  const answer = await ask('/', { headers: { 'X-Real-IP': '192.0.2.7' } })
  expect(answer.json).toMatchObject({ message: 'IP address not allowed: 192.0.2.7' })
})

it('is refused when there is none', async () => {
  const { gateway } = await asking({ deny: ['192.0.2.7'] })
  const answer = await gateway.proxy(new Request('http://a.test/'), { ip: 'unix:' })
  expect(answer.status).toBe(403)
  expect(await answer.json()).toMatchObject({
    message: 'Cannot identify the client IP address, unix domain sockets are not supported.',
  })
})
