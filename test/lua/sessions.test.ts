import { describe, expect, it } from 'vitest'
import type { StreamClient } from '../../src/ports/stream.ts'
import { openSessions } from '../proxy/open-sessions.ts'

const PROTOCOLS = ['tcp', 'tls', 'udp']
const fileLog = { name: 'file-log', protocols: PROTOCOLS, config: { path: '/x.log' } }
const course = { prereadTakes: 3, tryTakes: 2, lasts: 40 }

/** Runs code when a session has ended, and gives the entry it may have changed. */
async function entryBy(code: string, client: object = {}, more: object = {}) {
  const plugin = { name: 'pre-function', protocols: PROTOCOLS, config: { log: [code] } }
  const rig = await openSessions([plugin, fileLog])
  await rig.come(client, { ...course, ...more })
  const [entry] = await rig.entries()
  return { entry, lines: rig.runtime.lines }
}

const tls = { protocol: 'tls', sni: 'db.example' }

describe('code in log, of a session', () => {
  it.each([
    ['kong.client.get_ip()', '10.0.0.9'],
    ['kong.client.get_forwarded_ip()', '10.0.0.9'],
    ['kong.client.get_port()', 4000],
    ['kong.client.get_protocol()', 'tcp'],
    ['tostring(kong.client.get_consumer())', 'nil'],
    ['kong.router.get_route().name', 'tcp'],
    ['kong.router.get_service().host', 'db.test'],
    ['kong.log.serialize().session.received', 5],
    ['kong.node.get_id() ~= nil', true],
    ['kong.request.get_start_time()', 1_700_000_000_000],
    ['ngx.get_phase()', 'log'],
    ['ngx.config.subsystem', 'stream'],
    ['ngx.status', 200],
    ['ngx.var.status', '200'],
    ['ngx.var.protocol', 'TCP'],
    ['ngx.var.remote_addr', '10.0.0.9'],
    ['ngx.var.realip_remote_addr', '10.0.0.9'],
    ['ngx.var.remote_port', '4000'],
    ['ngx.var.server_port', '9000'],
    ['ngx.var.bytes_received', '5'],
    ['ngx.var.bytes_sent', '7'],
    ['ngx.var.upstream_bytes_received', '7'],
    ['ngx.var.upstream_bytes_sent', '5'],
    ['ngx.var.upstream_addr', 'db.test:5432'],
    ['ngx.var.session_time', '0.045'],
    ['tostring(ngx.var.request_uri)', 'nil'],
    ['tostring(ngx.var.constructor)', 'nil'],
    ['tostring(ngx.var.ssl_protocol)', 'nil'],
  ])('%s is %j', async (code, value) => {
    const { entry } = await entryBy(`kong.log.set_serialize_value("told", ${code})`)
    expect(entry).toMatchObject({ told: value })
  })

  it.each([
    ['udp', { protocol: 'udp' }, 'ngx.var.protocol', 'UDP'],
    ['passed-through TLS', tls, 'ngx.var.ssl_preread_server_name', 'db.example'],
    ['passed-through TLS', tls, 'tostring(ngx.var.ssl_server_name)', 'nil'],
  ])('of %s (%j): %s is %j', async (_what, client, code, value) => {
    const { entry } = await entryBy(`kong.log.set_serialize_value("told", ${code})`, client)
    expect(entry).toMatchObject({ told: value })
  })

  it.each([
    ['what the client has shown', { chain: 'a chain', error: 'certificate has expired' }],
    ['that it has shown nothing', undefined],
  ])('tells %s', async (_what, certificate) => {
    const told = { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', certificate }
    const code = `
      local chain, why = kong.client.tls.get_full_client_certificate_chain()
      local told = tostring(chain) .. "/" .. tostring(why) .. "/" .. ngx.var.ssl_client_verify
      kong.log.set_serialize_value("told", told)`
    const { entry } = await entryBy(code, tls, { tls: told })
    const client_verify = certificate ? 'FAILED:certificate has expired' : 'NONE'
    expect(entry).toMatchObject({
      told: `${certificate?.chain ?? 'nil'}/nil/${client_verify}`,
      session: { tls: { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', client_verify } },
    })
    expect(JSON.stringify(entry?.session)).not.toContain('a chain')
  })

  it('tells why nobody has shown anything where TLS is passed through', async () => {
    const code = `
      local _, why = kong.client.tls.get_full_client_certificate_chain()
      kong.log.set_serialize_value("told", why)`
    const { entry } = await entryBy(code, tls)
    expect(entry).toMatchObject({
      told: 'connection is not TLS or TLS support for Nginx not enabled',
    })
  })

  it.each([
    'kong.request.get_path()',
    'kong.response.get_status()',
    'kong.service.request.set_header("a", "b")',
    'kong.service.set_target("a", 1)',
    'ngx.req.get_headers()',
    'ngx.say("a")',
    'ngx.status = 201',
    'local a = ngx.header.a',
  ])('%s fails and is told; the session goes on', async (code) => {
    const { entry, lines } = await entryBy(code)
    expect(entry).toMatchObject({ session: { status: 200 } })
    expect(lines).toEqual([expect.stringMatching('^error: A function failed: ')])
  })

  it('knows what came of it, whatever was taken out of the entry', async () => {
    const { entry } = await entryBy(`
      kong.log.set_serialize_value("session", nil)
      kong.log.set_serialize_value("told", ngx.var.status .. ngx.status)`)
    expect(entry).toMatchObject({ told: '200200' })
    expect(entry).not.toHaveProperty('session')
  })

  it('hands things on to later plugins, in order of priority', async () => {
    const plugins = [
      {
        name: 'pre-function',
        protocols: PROTOCOLS,
        config: { log: ['kong.ctx.shared.a = "first"', 'return function() ngx.exit(0) end'] },
      },
      {
        name: 'post-function',
        protocols: PROTOCOLS,
        config: { log: ['kong.log.notice("after ", kong.ctx.shared.a)'] },
      },
    ]
    const { come, close, runtime } = await openSessions(plugins)
    await come()
    await close()
    expect(runtime.lines).toEqual(['notice: [post-function] after first'])
  })

  it('runs for sessions and for requests, where its protocols are of both', async () => {
    const config = {
      log: ['kong.log.notice(ngx.config.subsystem, " ", kong.client.get_protocol())'],
    }
    const { admin, come, ask, close, runtime } = await openSessions([])
    const protocols = ['http', 'tcp']
    const made = await admin('POST', '/plugins', { name: 'pre-function', protocols, config })
    expect(made.status).toBe(201)
    await ask('/')
    await come()
    await close()
    const own = runtime.lines.filter((line) => line.includes('[pre-function]'))
    expect(own).toEqual(['http http', 'stream tcp'].map((text) => `notice: [pre-function] ${text}`))
  })

  it('leaves sessions to themselves where nothing is done in log', async () => {
    const config = { access: ['error("no")'], rewrite: ['error("no")'] }
    const plugin = { name: 'pre-function', protocols: PROTOCOLS, config }
    const { gateway } = await openSessions([plugin])
    const source = { ip: '10.0.0.9', port: 1 }
    const destination = { ip: '10.0.0.1', port: 9000 }
    const plan = gateway.stream({ protocol: 'tcp', source, destination })
    expect(plan).toBeDefined()
    expect(plan).not.toHaveProperty('ended')
  })
})

it.each<[route: object, client: Partial<StreamClient>, protocol: string, told: string]>([
  [{ protocols: ['udp'] }, { protocol: 'udp' }, 'tcp', 'udp'],
  [{ protocols: ['tcp', 'udp'] }, {}, 'tcp', 'tcp'],
  [{ protocols: ['tcp', 'tls'] }, {}, 'tls', 'tls'],
])(
  'the protocol of a route of %j, client %j, service of %s: %s',
  async (route, client, protocol, told) => {
    const code = 'kong.log.set_serialize_value("told", kong.client.get_protocol())'
    const plugin = { name: 'pre-function', protocols: PROTOCOLS, config: { log: [code] } }
    const rig = await openSessions([plugin, fileLog])
    expect((await rig.admin('PATCH', '/routes/tcp', route)).status).toBe(200)
    expect((await rig.admin('PATCH', '/services/db', { protocol })).status).toBe(200)
    await rig.come(client)
    expect(await rig.entries()).toMatchObject([{ told }])
  },
)
