import { describe, expect, it } from 'vitest'
import { openGateway, type Rig } from '../../test/plugins/open-gateway.ts'
import { type Answering, failure, incoming, valuesOf } from '../../test/proxy/fakes.ts'

function azure(
  config: Readonly<Record<string, unknown>> = {},
  upstream: Answering = () =>
    incoming({ status: 201, body: 'hey', headers: ['Server', 'Kestrel'] }),
): Promise<Rig> {
  const least = { appname: 'shop', functionname: 'greet', ...config }
  const plugins = [{ name: 'azure-functions', config: least }]
  const routes = [{ name: 'functions', paths: ['/f'], plugins }]
  return openGateway({ config: { services: [], routes }, upstream })
}

describe('a request', () => {
  it('goes to the function as it is', async () => {
    const rig = await azure({ apikey: 'key', clientid: 'id', timeout: 9 })
    const answer = await rig.ask('/f/a%20b?x=1&x=2', {
      method: 'PUT',
      body: 'body',
      headers: { 'X-A': '1', 'X-Functions-Key': 'forged' },
    })
    expect([answer.status, answer.text]).toEqual([201, 'hey'])
    expect(answer.headers.get('server')).toMatch(/^gibbon/)
    const [sent] = rig.transport.sent
    expect(sent).toMatchObject({
      scheme: 'https',
      host: 'shop.azurewebsites.net',
      port: 443,
      method: 'PUT',
      target: '/api/greet/a%20b?x=1&x=2',
      body: new TextEncoder().encode('body'),
      readTimeout: 9,
      tls: { verify: false },
    })
    const headers = sent?.headers ?? []
    expect(valuesOf(headers, 'host')).toEqual(['shop.azurewebsites.net'])
    expect(valuesOf(headers, 'content-length')).toEqual(['4'])
    expect(valuesOf(headers, 'x-a')).toEqual(['1'])
    expect(valuesOf(headers, 'x-functions-key')).toEqual(['key'])
    expect(valuesOf(headers, 'x-functions-clientid')).toEqual(['id'])
  })

  it.each([
    { config: { routeprefix: '/' }, target: '/greet/' },
    { config: { routeprefix: '/a/b/', functionname: '/g/' }, target: '/a/b/g/' },
  ])('goes to $target with $config', async ({ config, target }) => {
    const rig = await azure(config)
    await rig.ask('/f')
    expect(rig.transport.sent[0]?.target).toBe(target)
  })

  it('goes as it is configured', async () => {
    const rig = await azure({ https: false, hostdomain: 'functions.test' })
    await rig.ask('/f', { headers: { 'X-Functions-Key': 'forged' } })
    const [sent] = rig.transport.sent
    expect(sent).toMatchObject({ scheme: 'http', host: 'shop.functions.test', port: 80 })
    expect(valuesOf(sent?.headers ?? [], 'x-functions-key')).toEqual([])
    const verified = await azure({ https_verify: true })
    await verified.ask('/f')
    expect(verified.transport.sent[0]).toMatchObject({ tls: { verify: true } })
  })
})

it('answers 500 when the function is away', async () => {
  const rig = await azure({}, () => failure())
  const answer = await rig.ask('/f')
  expect([answer.status, answer.json]).toEqual([500, { message: 'An unexpected error occurred' }])
  expect(rig.runtime.lines).toContain('error: Cannot ask a function')
})

it('takes no body that is longer than a plugin may hold', async () => {
  const rig = await azure()
  const answer = await rig.ask('/f', { method: 'POST', body: new Uint8Array(10 * 2 ** 20 + 1) })
  expect([answer.status, rig.transport.sent.length]).toEqual([413, 0])
  expect(answer.json).toMatchObject({ message: 'Payload too large' })
})
