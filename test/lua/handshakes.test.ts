import { describe, expect, it } from 'vitest'
import { clientRequest } from '../proxy/fakes.ts'
import { openLua } from './open-lua.ts'

const FALLBACK = { cert: 'default', key: 'default' }

/** Shakes hands with a gateway of these texts; gives what becomes of it, and what the log says. */
async function shake(texts: readonly string[], serverName: string | undefined = 'a.test') {
  const plugin = { name: 'pre-function', config: { certificate: texts } }
  const { gateway, runtime, close } = await openLua({ config: { plugins: [plugin] } })
  const admittance = gateway.certificates(FALLBACK).admit?.('http')?.(serverName)
  await close()
  return { admittance, goesOn: admittance !== 'refused', lines: runtime.lines.join('\n') }
}

describe('code in certificate', () => {
  it.each([
    { code: 'return', goesOn: true },
    { code: 'return ngx.exit(ngx.ERROR)', goesOn: false },
    { code: 'ngx.exit(403)', goesOn: false },
    { code: 'ngx.exit(ngx.OK)', goesOn: true },
    { code: 'ngx.exit(200)', goesOn: true },
    { code: 'error("broken")', goesOn: false },
    { code: 'kong.response.exit(403)', goesOn: false },
    {
      code: 'if require("ngx.ssl").server_name() == "a.test" then ngx.exit(-1) end',
      goesOn: false,
    },
    { code: 'if require("ngx.ssl").server_name() == "b.test" then ngx.exit(-1) end', goesOn: true },
    { code: 'return function() ngx.exit(-1) end', goesOn: false },
  ])('$code: goes on: $goesOn', async ({ code, goesOn }) => {
    expect((await shake([code])).goesOn).toBe(goesOn)
  })

  it('runs no text after the one that ends the handshake', async () => {
    const { goesOn, lines } = await shake(['ngx.exit(-1)', 'kong.log.err("second")'])
    expect([goesOn, lines]).toEqual([false, expect.not.stringContaining('second')])
  })

  it('runs for clients that name no one', async () => {
    const text = 'kong.log.err(tostring(require("ngx.ssl").server_name()))'
    const plugin = { name: 'pre-function', config: { certificate: [text] } }
    const { gateway, runtime } = await openLua({ config: { plugins: [plugin] } })
    expect(gateway.certificates(FALLBACK).admit?.('http')?.(undefined)).toBe('admitted')
    expect(runtime.lines).toContain('error: [pre-function] nil')
  })

  it.each([
    ['ngx.get_phase()', 'ssl_cert'],
    ['kong.node.get_id() ~= nil', 'true'],
    ['kong.plugin.get_id() ~= nil', 'true'],
    ['kong.client.tls.request_client_certificate()', 'true'],
    [
      'select(2, kong.client.tls.disable_session_reuse())',
      'sessions of one connection cannot be disabled here',
    ],
    ['select(2, pcall(kong.client.get_ip))', 'there is no request in a TLS handshake'],
    [
      'select(2, pcall(kong.request.get_path))',
      'function cannot be called in certificate phase (only in: rewrite, access, response, cluster_listener, header_filter, body_filter, log, error, admin_api)',
    ],
    [
      '(select(2, pcall(function() return ngx.var.uri end)):gsub("^.-:1: ", ""))',
      'there is no request in a TLS handshake',
    ],
    [
      '(select(2, pcall(function() return ngx.status end)):gsub("^.-:1: ", ""))',
      'there is no request in a TLS handshake',
    ],
    [
      'select(2, pcall(kong.client.tls.get_full_client_certificate_chain))',
      'function cannot be called in certificate phase',
    ],
  ])('%s is %s', async (code, value) => {
    const { lines } = await shake([`kong.log.err("<", ${code}, ">")`])
    expect(lines).toContain(`<${value}`)
  })

  it.each([
    { code: 'kong.client.tls.request_client_certificate()', admittance: 'asking' },
    {
      code: 'kong.client.tls.request_client_certificate() ngx.exit(ngx.ERROR)',
      admittance: 'refused',
    },
    { code: 'return', admittance: 'admitted' },
  ])('$code: $admittance', async ({ code, admittance }) => {
    expect((await shake([code])).admittance).toBe(admittance)
  })

  it('hands kong.ctx.shared on within one handshake alone', async () => {
    const texts = [
      'kong.ctx.shared.count = (kong.ctx.shared.count or 0) + 1',
      'kong.log.err("count ", kong.ctx.shared.count)',
    ]
    const plugin = { name: 'pre-function', config: { certificate: texts } }
    const { gateway, runtime } = await openLua({ config: { plugins: [plugin] } })
    const source = gateway.certificates(FALLBACK)
    source.admit?.('http')?.('a.test')
    source.admit?.('http')?.('a.test')
    expect(runtime.lines.filter((line) => line.includes('count'))).toEqual([
      'error: [pre-function] count 1',
      'error: [pre-function] count 1',
    ])
  })
})

it('has both functions at a handshake in their order, and none of a route', async () => {
  const told = (text: string) => ({ config: { certificate: [`kong.log.err("${text}")`] } })
  const { gateway, runtime } = await openLua({
    plugins_of_route: [{ name: 'pre-function', ...told('of the route') }],
    config: {
      plugins: [
        { name: 'post-function', ...told('post') },
        { name: 'pre-function', ...told('pre') },
      ],
    },
  })
  expect(gateway.certificates(FALLBACK).admit?.('http')?.('a.test')).toBe('admitted')
  const said = runtime.lines.filter((line) => line.startsWith('error'))
  expect(said).toEqual(['error: [pre-function] pre', 'error: [post-function] post'])
})

describe('at a handshake with a stream listener', () => {
  const told = (text: string, protocols?: readonly string[]) => ({
    name: 'pre-function',
    config: { certificate: [`kong.log.err("${text} ", ngx.config.subsystem)`] },
    ...(protocols === undefined ? {} : { protocols }),
  })

  it.each([
    { protocols: undefined, http: ['told http'], stream: [] },
    { protocols: ['tls'], http: [], stream: ['told stream'] },
    { protocols: ['https', 'tls'], http: ['told http'], stream: ['told stream'] },
  ])('runs with the protocols $protocols', async ({ protocols, ...expected }) => {
    for (const listener of ['http', 'stream'] as const) {
      const { gateway, runtime } = await openLua({
        config: { plugins: [told('told', protocols)] },
      })
      const asked = gateway.certificates(FALLBACK).admit?.(listener)
      expect(asked?.('a.test')).toBe(expected[listener].length > 0 ? 'admitted' : undefined)
      const said = runtime.lines.filter((line) => line.startsWith('error'))
      expect(said).toEqual(expected[listener].map((text) => `error: [pre-function] ${text}`))
    }
  })

  it('ends those it does not like', async () => {
    const plugin = { ...told('x', ['tls']), config: { certificate: ['ngx.exit(ngx.ERROR)'] } }
    const { gateway } = await openLua({ config: { plugins: [plugin] } })
    const { admit } = gateway.certificates(FALLBACK)
    expect([admit?.('stream')?.('a.test'), admit?.('http')]).toEqual(['refused', undefined])
  })
})

describe('kong.client.tls.set_client_verify', () => {
  const TLS = { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256' }

  /** What the log entry of a request says of the client's certificate, and what the code gave. */
  async function verified(value: string, tls: typeof TLS | undefined) {
    const access = [
      `kong.log.err("<", select(2, pcall(kong.client.tls.set_client_verify, ${value})))`,
    ]
    const log = [
      'local tls = kong.log.serialize().request.tls',
      'kong.log.err("says ", tls and tls.client_verify)',
    ]
    const { gateway, runtime } = await openLua({
      plugins_of_route: [{ name: 'pre-function', config: { access, log: [log.join(' ')] } }],
    })
    const request = clientRequest({ scheme: 'https', target: '/', ...(tls && { tls }) })
    ;(await gateway.handle(request)).finished?.(true)
    return runtime.lines.filter((line) => line.startsWith('error')).join('\n')
  }

  it.each([
    ['"SUCCESS"', 'SUCCESS'],
    ['"NONE"', 'NONE'],
    ['"FAILED:unknown CA"', 'FAILED:unknown CA'],
    ['"FAILED:"', 'FAILED:'],
  ])('of %s makes log entries say %s', async (value, says) => {
    expect(await verified(value, TLS)).toContain(`says ${says}`)
  })

  it.each([
    ['"success"', 'unknown client verify value: success accepted values are'],
    ['"FAILED"', 'unknown client verify value: FAILED accepted values are'],
    ['5', 'assertion failed!'],
  ])('refuses %s', async (value, why) => {
    const lines = await verified(value, TLS)
    expect(lines).toContain(`<${why}`)
    expect(lines).toContain('says NONE')
  })

  it('says nothing of a request without TLS', async () => {
    expect(await verified('"SUCCESS"', undefined)).toContain('says nil')
  })
})

describe('kong.client.tls, of a request', () => {
  const TLS = { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256' }
  const certificate = { chain: 'a chain', error: 'certificate has expired' }

  it.each([
    [
      'what a client has shown',
      { ...TLS, certificate },
      '<a chain/nil> FAILED:certificate has expired',
    ],
    ['nothing for none', TLS, '<nil/nil> NONE'],
    [
      'why there is none',
      undefined,
      '<nil/connection is not TLS or TLS support for Nginx not enabled> nil',
    ],
  ])('gives %s', async (_what, tls, says) => {
    const told = `
      local chain, why = kong.client.tls.get_full_client_certificate_chain()
      local told = tostring(chain) .. "/" .. tostring(why)`
    const access = [`${told} kong.log.err("<", told, ">")`]
    const log = [
      `${told} local tls = kong.log.serialize().request.tls
      kong.log.err("<", told, "> ", tls and tls.client_verify)`,
    ]
    const { gateway, runtime } = await openLua({
      plugins_of_route: [{ name: 'pre-function', config: { access, log } }],
    })
    const request = clientRequest({ scheme: 'https', target: '/', ...(tls && { tls }) })
    ;(await gateway.handle(request)).finished?.(true)
    const lines = runtime.lines.filter((line) => line.startsWith('error'))
    const [chain] = says.split('> ')
    expect(lines).toEqual([`error: [pre-function] ${chain}>`, `error: [pre-function] ${says}`])
  })

  it.each([
    [
      'select(2, pcall(kong.client.tls.request_client_certificate))',
      'function cannot be called in access phase (only in: certificate)',
    ],
    [
      'select(2, pcall(require("ngx.ssl").server_name))',
      'function cannot be called in access phase',
    ],
  ])('%s is %s', async (code, value) => {
    const access = [`kong.log.err("<", ${code}, ">")`]
    const { ask, runtime } = await openLua({
      plugins_of_route: [{ name: 'pre-function', config: { access } }],
    })
    await ask('/')
    expect(runtime.lines.join('\n')).toContain(`<${value}`)
  })
})
