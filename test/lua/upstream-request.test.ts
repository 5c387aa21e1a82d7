import { describe, expect, it } from 'vitest'
import { clientRequest, valuesOf } from '../proxy/fakes.ts'
import { openLua } from './open-lua.ts'

/** A route with one function in one phase. */
function one(phase: string, code: string) {
  return [{ name: 'pre-function', config: { [phase]: [code] } }]
}

describe('the request to the upstream', () => {
  it.each([
    {
      code: 'kong.service.request.set_body({ a = { b = 1 } }, "application/json")',
      body: '{"a":{"b":1}}',
      type: 'application/json',
    },
    {
      code: 'kong.service.request.set_body({ b = "x y", a = { 1, 2 } }, "application/x-www-form-urlencoded")',
      body: 'a=1&a=2&b=x%20y',
      type: 'application/x-www-form-urlencoded',
    },
    {
      code: 'kong.service.request.set_body({ a = "é" })',
      body: '{"a":"é"}',
      type: 'application/json; charset=utf-8',
    },
    {
      code: 'ngx.req.set_body_data("raw")',
      body: 'raw',
      type: 'application/json; charset=utf-8',
    },
  ])('$code', async ({ code, body, type }) => {
    const { ask, transport } = await openLua({ plugins_of_route: one('access', code) })
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    await ask('/', { method: 'POST', body: '{"old":1}', headers })
    const [sent] = transport.sent
    expect(new TextDecoder().decode(sent?.body as Uint8Array)).toBe(body)
    expect(valuesOf(sent?.headers ?? [], 'content-type')).toEqual([type])
    expect(valuesOf(sent?.headers ?? [], 'content-length')).toEqual([
      `${new TextEncoder().encode(body).length}`,
    ])
  })

  it('takes no body of a type it cannot write', async () => {
    const code = 'kong.service.request.set_body({}, "text/plain")'
    const { ask, runtime } = await openLua({ plugins_of_route: one('access', code) })
    expect((await ask('/')).status).toBe(500)
    expect(runtime.lines.join()).toContain('unsupported content type text/plain')
  })

  it.each([
    { code: 'ngx.var.upstream_uri = "/new?b=2"', target: '/new?b=2', host: 'echo.test' },
    { code: 'ngx.var.upstream_uri = "/new"', target: '/new?a=1', host: 'echo.test' },
    { code: 'ngx.var.upstream_host = "other.test"', target: '/?a=1', host: 'other.test' },
    // Kong: the query is put behind it once the plugins have run.
    {
      code: 'ngx.var.upstream_uri = ngx.var.upstream_uri .. "new"',
      target: '/new?a=1',
      host: 'echo.test',
    },
    {
      code: 'kong.service.request.add_header("Host", "other.test")',
      target: '/?a=1',
      host: 'other.test',
    },
  ])('$code', async ({ code, target, host }) => {
    const { ask, transport } = await openLua({ plugins_of_route: one('access', code) })
    await ask('/?a=1')
    const [sent] = transport.sent
    expect(sent?.target).toBe(target)
    expect(valuesOf(sent?.headers ?? [], 'host')).toEqual([host])
  })

  it('has no other variable to set', async () => {
    const code = 'ngx.var.remote_addr = "1.2.3.4"'
    const { ask, runtime } = await openLua({ plugins_of_route: one('access', code) })
    expect((await ask('/')).status).toBe(500)
    expect(runtime.lines.join()).toContain('variable "remote_addr" not changeable')
  })

  it.each([
    { code: 'kong.service.request.set_header("X-A", { "1", "2" })', values: ['1', '2'] },
    { code: 'kong.service.request.add_header("X-A", { "1", "2" })', values: ['0', '1', '2'] },
    { code: 'kong.service.request.set_header("X-A", 1/3)', values: ['0.33333333333333'] },
    { code: 'ngx.req.set_header("X-A", { 1, true })', values: ['1', 'true'] },
    { code: 'kong.service.request.set_headers({ ["x-a"] = { "1", "2" } })', values: ['1', '2'] },
    { code: 'ngx.req.set_header("X-A", nil)', values: [] },
  ])('$code', async ({ code, values }) => {
    const { ask, transport } = await openLua({ plugins_of_route: one('access', code) })
    await ask('/', { headers: { 'x-a': '0' } })
    expect(valuesOf(transport.sent[0]?.headers ?? [], 'x-a')).toEqual(values)
  })

  it.each([
    // Kong: the others are written anew.
    { code: 'kong.service.request.clear_query_arg("a")', target: '/?b=2&c=' },
    { code: 'kong.service.request.clear_query_arg("c")', target: '/?a=1&b=2&a=3' },
    {
      code: 'kong.service.request.set_raw_query("a=x+y&b=%C3%BC~&d") kong.service.request.clear_query_arg("d")',
      target: '/?a=x%20y&b=%C3%BC%7E',
    },
    {
      code: 'kong.service.request.set_query({ b = true, a = { 1, "x y" } })',
      target: '/?a=1&a=x%20y&b',
    },
    {
      code: 'kong.service.request.set_path("/ü ?")',
      target: expect.stringMatching(/^\/%C3%BC%20/),
    },
    { code: 'kong.service.request.set_raw_query("x=a b#c")', target: '/?x=a%20b%23c' },
  ])('$code', async ({ code, target }) => {
    const { ask, transport } = await openLua({ plugins_of_route: one('access', code) })
    await ask('/?a=1&b=2&%61=3&c')
    expect(transport.sent[0]?.target).toEqual(target)
  })

  it.each([
    { code: 'kong.service.request.set_method("get")', says: 'invalid method: get' },
    { code: 'kong.service.request.set_path("x")', says: 'path must start with /' },
    { code: 'kong.service.set_target("a", 70000)', says: 'port must be an integer between' },
    {
      code: 'kong.service.request.set_header("a", nil)',
      says: 'invalid header value for "a": got nil',
    },
  ])('is not changed by $code', async ({ code, says }) => {
    const { ask, transport, runtime } = await openLua({ plugins_of_route: one('access', code) })
    expect((await ask('/')).status).toBe(500)
    expect(transport.sent).toEqual([])
    expect(runtime.lines.join()).toContain(says)
  })
})

describe('nothing is smuggled in', () => {
  it.each([
    'kong.service.request.set_header("X-A", "1\\r\\nX-B: 2")',
    'kong.service.request.set_header("X-A: 1\\r\\nX-B", "2")',
    'kong.service.request.set_path("/a b\\r\\nX-B: 2")',
    'kong.service.request.set_method("GET / HTTP/1.1\\r\\nX-B: 2\\r\\n\\r\\nGET")',
    'kong.service.request.set_raw_query("a\\r\\nX-B: 2")',
    'kong.service.set_target("a\\r\\nX-B: 2", 80)',
    'ngx.req.set_uri("/a\\r\\nX-B: 2") ngx.req.set_uri_args("a\\r\\nX-B: 2")',
    'ngx.req.set_header("X-A", "1\\r\\nX-B: 2")',
    'ngx.var.upstream_host = "a\\r\\nX-B: 2"',
    'ngx.var.upstream_uri = "/\\r\\nX-B: 2?a\\r\\nX-B: 2"',
  ])('to the upstream: %s', async (code) => {
    const { ask, transport } = await openLua({
      plugins_of_route: one('access', code),
    })
    await ask('/')
    for (const { method, target, headers, host } of transport.sent) {
      expect(JSON.stringify([method, target, headers, host])).not.toMatch(/\\[rn]/)
    }
  })

  it.each([
    'kong.response.set_header("X-A", "1\\r\\nX-B: 2")',
    'kong.response.add_header("X-A: 1\\r\\nX-B", "2")',
    'kong.response.exit(200, "a", { ["X-A"] = "1\\r\\nX-B: 2" })',
    'kong.response.exit(200, "a", { ["X-A: 1\\r\\nX-B"] = "2" })',
    'kong.response.error(400, "a", { ["X-A"] = "1\\r\\nX-B: 2" })',
    'ngx.header["X-A"] = "1\\r\\nX-B: 2"',
    'ngx.redirect("/\\r\\nX-B: 2")',
  ])('to the client: %s', async (code) => {
    const { gateway } = await openLua({
      plugins_of_route: one('access', code),
    })
    const { headers } = await gateway.handle(clientRequest({ host: 'a.test', target: '/' }))
    expect(JSON.stringify(headers)).not.toMatch(/\\[rn]/)
  })
})

describe('upstream_uri, once plugins have run, is what was sent', () => {
  it.each([
    { target: '/x?', code: '', sent: '/x?' },
    { target: '/x', code: '', sent: '/x' },
    { target: '/x?a=1?', code: '', sent: '/x?a=1?' },
    { target: '/x?a=1?', code: 'ngx.var.args = nil', sent: '/x' },
    { target: '/x?', code: 'ngx.var.args = "b"', sent: '/x?b' },
    { target: '/x?', code: 'ngx.var.upstream_uri = "/y"', sent: '/y?' },
  ])('of $target, $code', async ({ target, code, sent }) => {
    const tell = 'ngx.header["X-Told"] = ngx.var.upstream_uri'
    const config = { access: [code === '' ? 'return' : code], header_filter: [tell] }
    const { ask, transport } = await openLua({
      plugins_of_route: [{ name: 'pre-function', config }],
    })
    expect((await ask(target)).headers.get('x-told')).toBe(sent)
    expect(transport.sent).toMatchObject([{ target: sent }])
  })
})

it.each([
  'kong.service.request.set_path("/x")',
  'kong.service.request.set_scheme("https")',
  'ngx.var.upstream_uri = "/x"',
  'ngx.var.upstream_host = "x.test"',
])('lets the route have the last word on what rewrite says: %s', async (code) => {
  const plugins = one('rewrite', code)
  const { ask, transport } = await openLua({ config: { plugins } })
  await ask('/')
  expect(transport.sent).toMatchObject([{ target: '/', scheme: 'http' }])
  expect(valuesOf(transport.sent[0]?.headers ?? [], 'host')).toEqual(['echo.test'])
})
