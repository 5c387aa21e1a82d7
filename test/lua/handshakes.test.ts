import { describe, expect, it } from 'vitest'
import { openLua } from './open-lua.ts'

const FALLBACK = { cert: 'default', key: 'default' }

/** Shakes hands with a gateway of these texts; gives whether it goes on, and what the log says. */
async function shake(texts: readonly string[], serverName: string | undefined = 'a.test') {
  const plugin = { name: 'pre-function', config: { certificate: texts } }
  const { gateway, runtime, close } = await openLua({ config: { plugins: [plugin] } })
  const goesOn = gateway.certificates(FALLBACK).admit?.(serverName)
  await close()
  return { goesOn, lines: runtime.lines.join('\n') }
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
    expect(gateway.certificates(FALLBACK).admit?.(undefined)).toBe(true)
    expect(runtime.lines).toContain('error: [pre-function] nil')
  })

  it.each([
    ['ngx.get_phase()', 'ssl_cert'],
    ['kong.node.get_id() ~= nil', 'true'],
    ['kong.plugin.get_id() ~= nil', 'true'],
    [
      'select(2, kong.client.tls.request_client_certificate())',
      'no client is asked for a certificate here',
    ],
    [
      'select(2, kong.client.tls.disable_session_reuse())',
      'sessions of one connection cannot be disabled here',
    ],
    ['select(2, pcall(kong.client.get_ip))', 'there is no request in a TLS handshake'],
    ['select(2, pcall(kong.request.get_path))', 'there is no request in a TLS handshake'],
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

  it('hands kong.ctx.shared on within one handshake alone', async () => {
    const texts = [
      'kong.ctx.shared.count = (kong.ctx.shared.count or 0) + 1',
      'kong.log.err("count ", kong.ctx.shared.count)',
    ]
    const plugin = { name: 'pre-function', config: { certificate: texts } }
    const { gateway, runtime } = await openLua({ config: { plugins: [plugin] } })
    const source = gateway.certificates(FALLBACK)
    source.admit?.('a.test')
    source.admit?.('a.test')
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
  expect(gateway.certificates(FALLBACK).admit?.('a.test')).toBe(true)
  const said = runtime.lines.filter((line) => line.startsWith('error'))
  expect(said).toEqual(['error: [pre-function] pre', 'error: [post-function] post'])
})

describe('kong.client.tls, of a request', () => {
  it.each([
    ['tostring(kong.client.tls.get_full_client_certificate_chain())', 'nil'],
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
