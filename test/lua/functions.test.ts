import { describe, expect, it } from 'vitest'
import { KONG_VERSION } from '../../src/lib/version.ts'
import { openGateway } from '../plugins/open-gateway.ts'
import { incoming, valuesOf } from '../proxy/fakes.ts'
import { openLua } from './open-lua.ts'

type Effect = { readonly code: string; readonly gives: string }

/** Each gives a text that goes to the upstream as the header `X-Out`. */
const READ: readonly Effect[] = [
  { code: 'kong.request.get_method()', gives: 'POST' },
  { code: 'kong.request.get_path()', gives: '/a b' },
  { code: 'kong.request.get_raw_path()', gives: '/a%20b' },
  { code: 'kong.request.get_raw_query()', gives: 'x=1&y=2&x=3&flag' },
  { code: 'kong.request.get_query_arg("x")', gives: '1' },
  { code: 'tostring(kong.request.get_query_arg("flag"))', gives: 'true' },
  { code: 'table.concat(kong.request.get_query().x, ",")', gives: '1,3' },
  { code: 'kong.request.get_scheme()', gives: 'http' },
  { code: 'kong.request.get_host()', gives: 'a.test' },
  { code: 'kong.request.get_http_version()', gives: '1.1' },
  { code: 'kong.request.get_forwarded_scheme()', gives: 'http' },
  { code: 'kong.request.get_forwarded_host()', gives: 'a.test' },
  { code: 'kong.request.get_header("X-In")', gives: 'in' },
  { code: 'tostring(kong.request.get_header("none"))', gives: 'nil' },
  { code: 'kong.request.get_headers()["x-in"]', gives: 'in' },
  { code: 'kong.request.get_raw_body()', gives: '{"a":{"b":[1,2]}}' },
  { code: 'kong.request.get_body().a.b[2]', gives: '2' },
  { code: 'kong.client.get_ip()', gives: '10.0.0.9' },
  { code: 'kong.client.get_forwarded_ip()', gives: '10.0.0.9' },
  { code: 'tostring(kong.client.get_consumer())', gives: 'nil' },
  { code: 'kong.router.get_route().name', gives: 'all' },
  { code: 'kong.router.get_service().name', gives: 'echo' },
  { code: 'kong.version', gives: KONG_VERSION },
  { code: 'type(kong.node.get_id())', gives: 'string' },
  { code: 'ngx.var.remote_addr', gives: '10.0.0.9' },
  { code: 'ngx.var.request_uri', gives: '/a%20b?x=1&y=2&x=3&flag' },
  { code: 'ngx.var.http_x_in', gives: 'in' },
  { code: 'ngx.var.arg_y', gives: '2' },
  { code: 'ngx.var.cookie_sid', gives: 's1' },
  { code: 'tostring(ngx.var.nothing)', gives: 'nil' },
  { code: 'ngx.req.get_headers()["x-in"]', gives: 'in' },
  { code: 'ngx.req.get_method()', gives: 'POST' },
  { code: 'ngx.req.get_uri_args().y', gives: '2' },
  { code: 'ngx.now()', gives: '1700000000' },
  { code: 'ngx.time()', gives: '1700000000' },
  { code: '(ngx.now() * 1000)', gives: '1700000000000' },
  { code: 'ngx.encode_base64("a:b")', gives: 'YTpi' },
  { code: 'ngx.decode_base64("YTpi")', gives: 'a:b' },
  { code: 'ngx.escape_uri("a b/c")', gives: 'a%20b%2Fc' },
  { code: 'ngx.unescape_uri("a%20b+c")', gives: 'a b c' },
  { code: 'ngx.encode_args({ b = 2, a = "x y" })', gives: 'a=x%20y&b=2' },
  { code: 'ngx.re.match("id-42", "([a-z]+)-(\\\\d+)", "jo")[2]', gives: '42' },
  { code: 'ngx.re.match("K=v", "(?<key>k)=", "i").key', gives: 'K' },
  { code: '(ngx.re.gsub("a1b22", "\\\\d+", "<$0>", "jo"))', gives: 'a<1>b<22>' },
  { code: '(ngx.re.find("xxab", "ab"))', gives: '3' },
  { code: 'require("cjson").encode({ a = { 1, 2 } })', gives: '{"a":[1,2]}' },
  { code: 'require("cjson.safe").decode("[1,{\\"x\\":null}]")[1]', gives: '1' },
  { code: 'tostring(require("cjson").decode("[null]")[1] == ngx.null)', gives: 'true' },
  {
    code: 'select(2, require("cjson.safe").decode("{"))',
    gives: 'Expected object key string but found T_END at character 2',
  },
  { code: 'ngx.get_phase()', gives: 'access' },
  { code: 'type(ngx.worker.pid())', gives: 'number' },
  { code: 'ngx.worker.id()', gives: '0' },
  { code: 'ngx.worker.count()', gives: '1' },
  { code: 'kong.cache:get("a", nil, function(x) return x .. "!" end, "made")', gives: 'made!' },
  { code: 'select(2, kong.cache:get("b", nil, function() return nil, "why" end))', gives: 'why' },
  { code: 'tostring(kong.cache:get("c"))', gives: 'nil' },
  { code: 'tostring(kong.cache.cluster_events)', gives: 'nil' },
  { code: 'ngx.HTTP_FORBIDDEN', gives: '403' },
]

describe('a function reads', () => {
  it.each(READ)('$code', async ({ code, gives }) => {
    const access = [`kong.service.request.set_header("X-Out", ${code})`]
    const { ask, transport } = await openLua({
      plugins_of_route: [{ name: 'pre-function', config: { access } }],
    })
    await ask('/a%20b?x=1&y=2&x=3&flag', {
      method: 'POST',
      body: '{"a":{"b":[1,2]}}',
      headers: { 'X-In': 'in', 'content-type': 'application/json', cookie: 'sid=s1' },
    })
    expect(valuesOf(transport.sent[0]?.headers ?? [], 'x-out')).toEqual([gives])
  })
})

describe('a function answers', () => {
  it.each([
    {
      code: 'return kong.response.exit(403, { message = "no" }, { ["X-Why"] = "so" })',
      status: 403,
      text: '{"message":"no"}',
    },
    { code: 'kong.response.exit(200, "hi")', status: 200, text: 'hi' },
    { code: 'kong.response.exit(204)', status: 204, text: '' },
    { code: 'pcall(kong.response.exit, 401, "caught")', status: 401, text: 'caught' },
    { code: 'ngx.status = 418 ngx.say("tea") ngx.exit(418)', status: 418, text: 'tea\n' },
    { code: 'ngx.say("a", 1)', status: 200, text: 'a1\n' },
    { code: 'return ngx.redirect("https://b.test/", 301)', status: 301, text: '' },
    { code: 'ngx.exit(0) kong.response.exit(500)', status: 200, text: '' },
    {
      code: 'if not kong.request.get_header("x") then return kong.response.exit(400, "x?") end',
      status: 400,
      text: 'x?',
    },
    { code: 'return function() return kong.response.exit(409, "f") end', status: 409, text: 'f' },
  ])('$code', async ({ code, status, text }) => {
    const { ask } = await openLua({
      plugins_of_route: [{ name: 'pre-function', config: { access: [code] } }],
    })
    const answer = await ask('/')
    expect([answer.status, answer.text]).toEqual([status, text])
  })

  it.each([
    { code: 'kong.response.error(403)', status: 403, message: 'Forbidden' },
    { code: 'kong.response.error(400, "bad x")', status: 400, message: 'bad x' },
    { code: 'ngx.exit(ngx.HTTP_UNAUTHORIZED)', status: 401, message: 'Unauthorized' },
    { code: 'error("boom")', status: 500, message: 'An unexpected error occurred' },
    { code: 'local x = nil; x.y = 1', status: 500, message: 'An unexpected error occurred' },
    { code: 'while true do end', status: 500, message: 'An unexpected error occurred' },
    { code: 'require("resty.http")', status: 500, message: 'An unexpected error occurred' },
    { code: 'kong.response.get_status()', status: 500, message: 'An unexpected error occurred' },
  ])('$code', async ({ code, status, message }) => {
    const { ask } = await openLua({
      plugins_of_route: [{ name: 'pre-function', config: { access: [code] } }],
    })
    const answer = await ask('/')
    expect(answer.status).toBe(status)
    expect(answer.json).toMatchObject({ message })
  })
})

describe('a function changes what the upstream is asked', () => {
  it('wholly', async () => {
    const access = [
      'kong.service.request.set_path("/new") kong.service.request.set_query({ q = 1 })',
      'kong.service.request.set_method("PUT") kong.service.request.clear_header("x-in")',
      'kong.service.request.add_header("X-A", "1") kong.service.request.add_header("X-A", "2")',
      'kong.service.set_target("other.test", 81) kong.service.request.set_raw_body("new")',
    ]
    const { ask, transport } = await openLua({
      plugins_of_route: [{ name: 'post-function', config: { access } }],
    })
    await ask('/', { method: 'POST', body: 'old', headers: { 'x-in': '1' } })
    const [sent] = transport.sent
    expect(sent).toMatchObject({ method: 'PUT', target: '/new?q=1', host: 'other.test', port: 81 })
    expect(valuesOf(sent?.headers ?? [], 'x-a')).toEqual(['1', '2'])
    expect(valuesOf(sent?.headers ?? [], 'x-in')).toEqual([])
    expect(sent?.body).toEqual(new TextEncoder().encode('new'))
  })
})

it.each([
  { code: 'ngx.var.args = nil', target: '/' },
  { code: 'ngx.var.args = "c=d e"', target: '/?c=d%20e' },
])('changes the query: $code', async ({ code, target }) => {
  const { ask, transport } = await openLua({
    plugins_of_route: [{ name: 'pre-function', config: { access: [code] } }],
  })
  await ask('/?a=b')
  expect(transport.sent[0]?.target).toBe(target)
})

it('keeps what a function made, for as long as it says', async () => {
  const access = [
    `local n = 0
     return function()
       local value = kong.cache:get("k", { ttl = 5 }, function() n = n + 1 return n end)
       local gone = kong.cache:get("none", { neg_ttl = 5 }, function() n = n + 10 end)
       if kong.request.get_query_arg("forget") then kong.cache:invalidate("k") end
       kong.service.request.set_header("X-Out", value .. tostring(gone))
     end`,
  ]
  const { ask, transport, runtime } = await openLua({
    plugins_of_route: [{ name: 'pre-function', config: { access } }],
  })
  for (const [wait, path] of [
    [0, '/'],
    [4999, '/'],
    [1, '/?forget'],
    [0, '/'],
  ] as const) {
    runtime.time += wait
    await ask(path)
  }
  const told = transport.sent.map(({ headers }) => valuesOf(headers, 'x-out')[0])
  expect(told).toEqual(['1nil', '1nil', '12nil', '23nil'])
})

it('changes the answer, its head and its body', async () => {
  const config = {
    access: ['kong.response.set_header("X-Early", "1")'],
    header_filter: [
      'ngx.header["X-Late"] = kong.response.get_source() ngx.header.server = nil',
      'if kong.service.response.get_status() == 200 then kong.response.set_status(201) end',
    ],
    body_filter: [
      'if not ngx.arg[2] then ngx.arg[1] = ngx.arg[1]:upper() else ngx.arg[1] = "!" end',
    ],
  }
  const { ask } = await openLua({
    plugins_of_route: [{ name: 'post-function', config }],
    upstream: () =>
      incoming({ body: new TextEncoder().encode('body'), headers: ['Content-Length', '4'] }),
  })
  const { status, headers, text } = await ask('/')
  expect([status, text]).toEqual([201, 'BODY!'])
  expect([headers.get('x-early'), headers.get('x-late')]).toEqual(['1', 'service'])
})

it('hands tables from one function to the next, and from pre to post', async () => {
  const { ask, transport } = await openLua({
    plugins_of_route: [
      {
        name: 'pre-function',
        config: {
          access: ['kong.ctx.shared.t = { n = 1 }', 'local t = kong.ctx.shared.t t.n = t.n + 1'],
        },
      },
      {
        name: 'post-function',
        config: { access: ['kong.service.request.set_header("X-N", kong.ctx.shared.t.n)'] },
      },
    ],
  })
  await ask('/')
  await ask('/')
  expect(transport.sent.map(({ headers }) => valuesOf(headers, 'x-n'))).toEqual([['2'], ['2']])
})

it('logs what a function says, and why one failed', async () => {
  const log = ['kong.log.warn("took ", 5, "ms")', 'error("late")']
  const { ask, runtime } = await openLua({
    plugins_of_route: [{ name: 'pre-function', config: { log } }],
  })
  await ask('/')
  expect(runtime.lines).toContain('warn: [pre-function] took 5ms')
  expect(runtime.lines.join('\n')).toContain(
    'error: A function failed: [string "error("late")"]:1: late',
  )
})

it('rewrites where it is global', async () => {
  const plugins = [
    { name: 'pre-function', config: { rewrite: ['kong.service.request.set_header("X-R", "1")'] } },
  ]
  const { ask, transport } = await openLua({ config: { plugins } })
  await ask('/')
  expect(valuesOf(transport.sent[0]?.headers ?? [], 'x-r')).toEqual(['1'])
})

describe('a configuration is refused', () => {
  const broken = 'local x ='
  const why = '[string "local x ="]:1: unexpected symbol near \'<eof>\''
  const error = `error parsing pre-function: ${why}`

  it.each([
    { config: { access: [broken] }, says: { access: [error] } },
    { config: { certificate: [broken] }, says: { certificate: [error] } },
    { config: { access: ['return 1', broken] }, says: { access: [null, error] } },
    {
      config: { access: [broken], rewrite: ['return 1', broken, 5] },
      says: { access: [error], rewrite: [null, error, 'expected a string'] },
    },
    { config: { log: [broken], acces: [] }, says: { log: [error], acces: 'unknown field' } },
  ])('where Kong refuses it: $says', async ({ config, says }) => {
    const { admin } = await openLua({ config: { _transform: true } })
    for (const path of ['/plugins', '/schemas/plugins/validate']) {
      const answer = await admin('POST', path, { name: 'pre-function', config })
      expect(answer.status).toBe(400)
      expect(answer.json).toMatchObject({ fields: { config: says } })
    }
  })

  it('in a line as Kong counts', async () => {
    const { admin } = await openLua({ config: { _transform: true } })
    const config = { access: ['return 1', broken] }
    expect((await admin('POST', '/plugins', { name: 'post-function', config })).json).toMatchObject(
      {
        message: `schema violation (config.access: {\n  [2] = "error parsing post-function: ${why.replaceAll('"', '\\"')}"\n})`,
      },
    )
  })

  it('of a plugin that is not enabled, too', async () => {
    const { admin } = await openLua({ config: { _transform: true } })
    const input = { name: 'pre-function', enabled: false, config: { log: [broken] } }
    expect((await admin('POST', '/plugins', input)).json).toMatchObject({
      fields: { config: { log: [error] } },
    })
  })

  it('where there is no Lua', async () => {
    const { admin } = await openGateway()
    const answer = await admin('POST', '/plugins', {
      name: 'pre-function',
      config: { access: ['return 1'] },
    })
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({
      fields: {
        config:
          'there is no Lua here: it takes Node, Bun or Deno, the package fengari and untrusted_lua=sandbox',
      },
    })
  })
})
