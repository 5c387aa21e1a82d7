import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, json } from './client.ts'
import { RUNTIMES } from './runtimes.ts'
import { startTarget, type Target } from './target.ts'

const settings = { untrusted_lua: 'sandbox' }

/** One route a function, each on a path of its own. */
const FUNCTIONS = {
  answer:
    'return kong.response.exit(403, { message = "no " .. kong.request.get_method() }, { ["X-Why"] = "so" })',
  header: 'kong.service.request.set_header("X-From", kong.client.get_ip())',
  body: 'kong.service.request.set_raw_body(kong.request.get_raw_body():upper())',
  loop: 'while true do pcall(function() while true do end end) end',
  grow: 'local s = "0123456789" while true do s = s .. s end',
  outside: 'return kong.response.exit(200, type(io) .. type(os.execute) .. type(load))',
}

/** Configures a route with a function over the Admin API; gives the plugin's answer. */
async function configure(adminUrl: string, port: number, name: string, code: string) {
  const service = { url: `http://127.0.0.1:${port}` }
  await ask(`${adminUrl}/services/${name}`, json(service, 'PUT'))
  await ask(`${adminUrl}/services/${name}/routes/${name}`, json({ paths: [`/${name}`] }, 'PUT'))
  const plugin = { name: 'pre-function', config: { access: [code] } }
  return ask(`${adminUrl}/routes/${name}/plugins`, json(plugin))
}

describe.each(RUNTIMES.filter((runtime) => runtime !== 'workerd'))('functions on %s', (runtime) => {
  let gateway: RunningGateway
  let target: Target
  beforeAll(async () => {
    target = await startTarget('a')
    gateway = await startGateway(runtime, { settings })
    for (const [name, code] of Object.entries(FUNCTIONS)) {
      const { status, body } = await configure(gateway.adminUrl, target.port, name, code)
      expect([status, body]).toEqual([201, expect.stringContaining('pre-function')])
    }
    const plain = { url: `http://127.0.0.1:${target.port}` }
    await ask(`${gateway.adminUrl}/services/plain`, json(plain, 'PUT'))
    await ask(`${gateway.adminUrl}/services/plain/routes/plain`, json({ paths: ['/plain'] }, 'PUT'))
  }, 30_000)
  afterAll(async () => {
    await gateway?.stop()
    await target?.close()
  })

  it('answer', async () => {
    const got = await ask(`${gateway.proxyUrl}/answer`, { method: 'POST' })
    expect([got.status, got.headers['x-why'], got.body]).toEqual([
      403,
      'so',
      '{"message":"no POST"}',
    ])
  })

  it('set a header', async () => {
    const { body } = await ask(`${gateway.proxyUrl}/header`, { headers: { 'X-From': 'me' } })
    expect(JSON.parse(body).headers['x-from']).toMatch(/127\.0\.0\.1$/)
  })

  it('change a body', async () => {
    await ask(`${gateway.proxyUrl}/body`, { method: 'POST', body: 'low' })
    expect(target.seen.at(-1)?.body).toBe('LOW')
  })

  it('reach nothing outside', async () => {
    expect((await ask(`${gateway.proxyUrl}/outside`)).body).toBe('nilnilnil')
  })

  it('that loop or grow for ever end, and others are served meanwhile', async () => {
    const endless = ['loop', 'grow', 'loop'].map((path) => ask(`${gateway.proxyUrl}/${path}`))
    const others = Array.from({ length: 10 }, () => ask(`${gateway.proxyUrl}/plain`))
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual(Array(10).fill(200))
    for (const { status, body } of await Promise.all(endless)) {
      expect([status, JSON.parse(body)]).toEqual([
        500,
        expect.objectContaining({ message: 'An unexpected error occurred' }),
      ])
    }
    expect(gateway.stderr()).toContain('the function ran for too long')
    expect(gateway.stderr()).toContain('the function used too much memory')
  })

  it('that are no Lua are refused', async () => {
    const { status, body } = await configure(gateway.adminUrl, target.port, 'bad', 'return (')
    expect([status, JSON.parse(body).fields.config]).toEqual([
      400,
      {
        access: [
          `error parsing pre-function: [string "return ("]:1: unexpected symbol near '<eof>'`,
        ],
      },
    ])
  })
})

describe.each(RUNTIMES)('functions nobody asked for on %s', (runtime) => {
  it('are refused', async () => {
    // On workerd there is no Lua, whatever was asked for.
    const asked = runtime === 'workerd' ? { settings } : {}
    const gateway = await startGateway(runtime, asked)
    try {
      const { status, body } = await configure(gateway.adminUrl, 9, 'any', 'return 1')
      expect([status, JSON.parse(body).fields.config]).toEqual([
        400,
        expect.stringContaining('there is no Lua here'),
      ])
    } finally {
      await gateway.stop()
    }
  }, 30_000)
})
