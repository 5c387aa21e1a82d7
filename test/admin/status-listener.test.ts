import { describe, expect, it } from 'vitest'
import type { Gateway } from '../../src/gateway.ts'
import { ownDraining } from '../../src/ports/draining.ts'
import { openMemory } from '../open-memory.ts'
import { clientRequest, textOf } from '../proxy/fakes.ts'

const CONFIG = {
  _format_version: '3.0',
  upstreams: [{ name: 'u', targets: [{ target: '10.0.0.1:80' }, { target: '10.0.0.2:80' }] }],
}

async function open(database: string): Promise<Gateway> {
  return (await openMemory({ settings: { database } })).gateway
}

async function ask(gateway: Gateway, asked: string, headers: string[] = []) {
  const [method = '', target = ''] = asked.split(' ')
  const request = clientRequest({ method, target, host: 'any.name', headers })
  const { status, body } = await gateway.handleStatus(request)
  const text = await textOf(body)
  return { status, body: text === '' ? undefined : JSON.parse(text) }
}

describe('without a database', () => {
  it.each([
    ['GET /upstreams/u/health', 200],
    ['GET /upstreams/u/health/', 200],
    ['GET /upstreams/u/targets', 200],
    ['GET /upstreams/u/targets/', 200],
    ['GET /upstreams/u/targets/all?size=1', 200],
    ['GET /upstreams/u/targets/10.0.0.1:80', 200],
    ['GET /upstreams/none/health', 404],
    ['POST /upstreams/u/targets', 405],
    ['PATCH /upstreams/u/targets/10.0.0.1:80', 405],
    ['PUT /upstreams/u/targets/10.0.0.1:80', 405],
    ['DELETE /upstreams/u/targets/10.0.0.1:80', 405],
    ['POST /upstreams/u/targets/10.0.0.1:80/unhealthy', 404],
    ['PUT /upstreams/u/targets/10.0.0.1:80/unhealthy', 404],
    ['GET /upstreams', 404],
    ['GET /upstreams/u', 404],
    ['GET /services', 404],
    ['GET /manager', 404],
    ['POST /config', 404],
    ['GET /status', 200],
    ['GET /status/dns', 501],
    ['POST /status', 405],
  ])('answers %s with %i', async (asked, status) => {
    const gateway = await open('off')
    await gateway.applyConfig(CONFIG)
    expect((await ask(gateway, asked)).status).toBe(status)
  })

  it('is ready once there is something in its configuration', async () => {
    const gateway = await open('off')
    const none = {
      status: 503,
      body: { message: 'no configuration available (empty configuration present)' },
    }
    expect(await ask(gateway, 'GET /status/ready')).toEqual(none)
    await gateway.applyConfig('_format_version: "3.0"')
    expect(await ask(gateway, 'GET /status/ready')).toEqual(none)
    await gateway.applyConfig(CONFIG)
    expect(await ask(gateway, 'GET /status/ready')).toEqual({
      status: 200,
      body: { message: 'ready' },
    })
  })
})

describe('with a database', () => {
  it('shows no upstreams', async () => {
    const gateway = await open('memory')
    await gateway.applyConfig(CONFIG)
    expect(await ask(gateway, 'GET /upstreams/u/health')).toEqual({
      status: 404,
      body: { message: 'Not found' },
    })
  })

  it('is ready until it is drained', async () => {
    const gateway = await open('memory')
    expect((await ask(gateway, 'GET /status/ready')).status).toBe(200)
    expect((await ask(gateway, 'POST /status/ready?status=other')).status).toBe(400)
    expect((await ask(gateway, 'POST /status/ready?status=draining')).status).toBe(204)
    expect(await ask(gateway, 'GET /status/ready')).toEqual({
      status: 503,
      body: { message: 'draining' },
    })
    expect((await ask(gateway, 'GET /status')).status).toBe(200)
  })

  it('is drained with all that serve beside it', async () => {
    const draining = ownDraining()
    const [one, two] = await Promise.all([
      openMemory({ draining }).then(({ gateway }) => gateway),
      openMemory({ draining }).then(({ gateway }) => gateway),
    ])
    expect((await ask(one, 'POST /status/ready?status=draining')).status).toBe(204)
    expect((await ask(two, 'GET /status/ready')).status).toBe(503)
  })

  it('is not drained by a page of another origin', async () => {
    const gateway = await open('memory')
    const origin = ['origin', 'https://evil.test']
    expect((await ask(gateway, 'POST /status/ready?status=draining', origin)).status).toBe(403)
    expect((await ask(gateway, 'GET /status/ready')).status).toBe(200)
  })
})
