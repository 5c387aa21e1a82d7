import { describe, expect, it } from 'vitest'
import { openGateway, type Rig } from '../../test/plugins/open-gateway.ts'
import { valuesOf } from '../../test/proxy/fakes.ts'

const ALICE = {
  id: '4c1a4a4e-1111-4000-8000-00000000000a',
  username: 'alice',
  custom_id: 'a-1',
  basicauth_credentials: [{ username: 'älice', password: 'pass:wörd' }],
}
const BOB = { username: 'bob', basicauth_credentials: [{ username: 'bob', password: 'b' }] }

function guarded(config: Readonly<Record<string, unknown>> = {}): Promise<Rig> {
  const plugins_of_route = [{ name: 'basic-auth', config }]
  return openGateway({
    plugins_of_route,
    config: { consumers: [ALICE, BOB, { username: 'nobody' }] },
  })
}

const basic = (login: string): string => `Basic ${Buffer.from(login).toString('base64')}`
const GOOD = basic('älice:pass:wörd')

describe('a request that proves nothing', () => {
  it.each<{ why: string; headers: Record<string, string> }>([
    { why: 'no header', headers: {} },
    { why: 'an unknown name', headers: { authorization: basic('eve:x') } },
    { why: 'a wrong password', headers: { authorization: basic('bob:B') } },
    { why: 'an empty password', headers: { authorization: basic('bob:') } },
    { why: 'no password', headers: { authorization: basic('bob') } },
    { why: 'no name', headers: { authorization: basic(':b') } },
    { why: 'no base64', headers: { authorization: 'Basic b*b' } },
    { why: 'nothing behind the scheme', headers: { authorization: 'Basic ' } },
    { why: 'another scheme', headers: { authorization: GOOD.replace('Basic', 'Bearer') } },
    { why: 'another scheme in front', headers: { authorization: `Bearer ${GOOD}` } },
    { why: "an object's own name", headers: { authorization: basic('__proto__:x') } },
    {
      why: 'a known name with a wrong password in Proxy-Authorization, whatever else',
      headers: { 'proxy-authorization': basic('bob:x'), authorization: GOOD },
    },
  ])('is refused: $why', async ({ headers }) => {
    const { ask, transport } = await guarded()
    const answer = await ask('/', { headers })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="service"')
    expect(answer.json).toEqual({
      message: 'Unauthorized',
      request_id: answer.headers.get('x-kong-request-id'),
    })
    expect(transport.sent).toHaveLength(0)
  })

  it('is told the realm', async () => {
    const { ask } = await guarded({ realm: 'ours' })
    expect((await ask('/')).headers.get('www-authenticate')).toBe('Basic realm="ours"')
  })

  it('passes as the anonymous consumer', async () => {
    const { ask, transport } = await guarded({ anonymous: 'nobody' })
    expect((await ask('/', { headers: { authorization: basic('bob:x') } })).status).toBe(200)
    const headers = transport.sent[0]?.headers ?? []
    expect(valuesOf(headers, 'x-consumer-username')).toEqual(['nobody'])
    expect(valuesOf(headers, 'x-anonymous-consumer')).toEqual(['true'])
  })
})

describe('a good login', () => {
  it.each<{ where: string; headers: Record<string, string> }>([
    { where: 'Authorization', headers: { authorization: GOOD } },
    { where: 'Proxy-Authorization', headers: { 'proxy-authorization': GOOD } },
    { where: 'lower case', headers: { authorization: GOOD.replace('Basic ', ' basic   ') } },
    {
      where: 'Authorization, behind an unknown name in the other',
      headers: { 'proxy-authorization': basic('eve:x'), authorization: GOOD },
    },
    {
      where: 'Proxy-Authorization, before another',
      headers: { 'proxy-authorization': GOOD, authorization: basic('bob:b') },
    },
    {
      where: 'Authorization, behind colons',
      headers: { authorization: basic('::älice:pass:wörd') },
    },
  ])('in $where lets its consumer in, and tells the upstream', async ({ headers }) => {
    const { ask, transport } = await guarded()
    expect((await ask('/', { headers })).status).toBe(200)
    const sent = transport.sent[0]?.headers ?? []
    expect(valuesOf(sent, 'x-consumer-id')).toEqual([ALICE.id])
    expect(valuesOf(sent, 'x-consumer-username')).toEqual(['alice'])
    expect(valuesOf(sent, 'x-consumer-custom-id')).toEqual(['a-1'])
    expect(valuesOf(sent, 'x-credential-identifier')).toEqual([
      Buffer.from('älice').toString('latin1'),
    ])
    expect(valuesOf(sent, 'authorization')).toEqual(
      headers.authorization === undefined ? [] : [headers.authorization.trim()],
    )
  })

  it('does not reach the upstream when it is to be hidden', async () => {
    const { ask, transport } = await guarded({ hide_credentials: true })
    await ask('/', { headers: { authorization: GOOD, 'proxy-authorization': basic('eve:x') } })
    const sent = transport.sent[0]?.headers ?? []
    expect(valuesOf(sent, 'authorization')).toEqual([])
    expect(valuesOf(sent, 'proxy-authorization')).toEqual([])
  })

  it("leaves the other header to the upstream: it is not this plugin's", async () => {
    const { ask, transport } = await guarded({ hide_credentials: true })
    await ask('/', { headers: { authorization: 'Bearer x', 'proxy-authorization': GOOD } })
    const sent = transport.sent[0]?.headers ?? []
    expect(valuesOf(sent, 'authorization')).toEqual(['Bearer x'])
    expect(valuesOf(sent, 'proxy-authorization')).toEqual([])
  })
})
