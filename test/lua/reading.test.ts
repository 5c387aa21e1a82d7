import { expect, it } from 'vitest'
import { incoming, valuesOf } from '../proxy/fakes.ts'
import { type AskOptions, toldBy } from './compared.ts'
import { openLua } from './open-lua.ts'

const HEADERS = [
  ...['X-In', 'in', 'X_Under', 'under', 'X-Two', '1', 'X-Two', '2'],
  ...['Content-Type', 'application/json'],
] as const

const FORM = {
  headers: ['Content-Type', 'application/x-www-form-urlencoded'],
  body: 'a=1&b=2&b=3&=x&c',
}
const PARTS = {
  headers: ['Content-Type', 'multipart/form-data; boundary=xx'],
  body: [
    '--xx\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n',
    '--xx\r\nContent-Disposition: form-data; name="b"\r\n\r\n2\r\n',
    '--xx\r\nContent-Disposition: form-data; name="b"\r\n\r\n3\r\n--xx--\r\n',
  ].join(''),
}
const TRUSTED = { settings: { trust: ['10.0.0.9'] } }

type Row = readonly [code: string, gives: string, ask?: AskOptions]

const ROWS: readonly Row[] = [
  // Names of headers, in any case, with `_` for `-` and the other way round.
  ['kong.request.get_header("x_in")', 'in'],
  ['kong.request.get_header("X-Under")', 'under'],
  ['kong.request.get_header("X-Two")', '1'],
  ['kong.request.get_headers()["X-In"]', 'in'],
  ['kong.request.get_headers().x_in', 'in'],
  ['kong.request.get_headers().x_under', 'under'],
  ['tostring(kong.request.get_headers()["X-Under"])', 'nil'],
  ['kong.request.get_headers()["X-TWO"][2]', '2'],
  ['tostring(kong.request.get_headers()[1])', 'nil'],
  ['select(2, kong.request.get_headers(1))', 'truncated'],
  ['ngx.req.get_headers()["X-In"]', 'in'],
  ['ngx.req.get_headers(0, true)["X-In"]', 'in'],
  ['tostring(ngx.req.get_headers(0, true)["x-in"])', 'nil'],
  ['ngx.var.http_x_under', 'under'],
  ['ngx.var.http_x_in', 'in'],
  // The path and the query.
  ['kong.request.get_path_with_query()', '/a%20b/../c?x=1&x=2&y'],
  ['kong.request.get_path()', '/c'],
  ['kong.request.get_raw_path()', '/a%20b/../c'],
  ['kong.request.get_forwarded_path()', '/c'],
  ['kong.request.get_query(1).x', '1'],
  ['tostring(kong.request.get_query(1).y)', 'nil'],
  ['select(2, ngx.req.get_uri_args(2))', 'truncated'],
  ['kong.request.get_uri_captures().unnamed[0] or "none"', 'none'],
  // Bodies.
  ['kong.request.get_body("application/x-www-form-urlencoded").a', '1', FORM],
  ['table.concat(kong.request.get_body().b, ",")', '2,3', FORM],
  ['tostring(kong.request.get_body().c)', 'true', FORM],
  ['tostring(kong.request.get_body(nil, 1).b)', 'nil', FORM],
  ['select(3, kong.request.get_body())', 'application/x-www-form-urlencoded', FORM],
  ['kong.request.get_body().a', '1', PARTS],
  ['kong.request.get_body().b[2]', '3', PARTS],
  ['select(3, kong.request.get_body())', 'multipart/form-data', PARTS],
  [
    'select(2, kong.request.get_body("multipart/form-data"))',
    'unable to decode multipart body',
    PARTS,
  ],
  [
    'select(2, kong.request.get_body("Text/Plain; a=b"))',
    "unsupported content type 'Text/Plain; a=b'",
  ],
  ['select(3, kong.request.get_body("Text/Plain; a=b"))', 'text/plain'],
  ['select(2, kong.request.get_body())', 'missing content type', { headers: [], body: 'x' }],
  ['select(2, kong.request.get_body())', 'invalid json body', { headers: HEADERS, body: '1' }],
  ['kong.request.get_body("application/json-patch").a', '1', { headers: [], body: '{"a":1}' }],
  ['ngx.req.get_post_args().a', '1', FORM],
  ['ngx.var.request_body', 'a=1&b=2&b=3&=x&c', FORM],
  // Who asks.
  ['kong.client.get_forwarded_port()', '50000'],
  ['kong.client.get_port()', '50000', TRUSTED],
  [
    'tostring(kong.client.get_forwarded_port())',
    'nil',
    { ...TRUSTED, headers: ['X-Real-IP', '1.2.3.4'] },
  ],
  ['kong.client.get_forwarded_port()', '81', { ...TRUSTED, headers: ['X-Real-IP', '1.2.3.4:81'] }],
  ['ngx.var.remote_port', '81', { ...TRUSTED, headers: ['X-Real-IP', '1.2.3.4:81'] }],
  ['ngx.var.realip_remote_port', '50000', { ...TRUSTED, headers: ['X-Real-IP', '1.2.3.4:81'] }],
  ['kong.client.get_protocol()', 'http', { ...TRUSTED, headers: ['X-Forwarded-Proto', 'https'] }],
  [
    'kong.client.get_protocol(true)',
    'https',
    { ...TRUSTED, headers: ['X-Forwarded-Proto', 'https'] },
  ],
  ['kong.client.get_protocol(true)', 'http', { headers: ['X-Forwarded-Proto', 'https'] }],
  [
    'select(2, kong.client.get_protocol(true))',
    'Only one X-Forwarded-Proto header allowed',
    { ...TRUSTED, headers: ['X-Forwarded-Proto', 'http', 'X-Forwarded-Proto', 'https'] },
  ],
  // What was taken off the path.
  [
    'tostring(kong.request.get_forwarded_prefix())',
    'nil',
    { headers: ['X-Forwarded-Prefix', '/p'] },
  ],
  [
    'kong.request.get_forwarded_prefix()',
    '/p',
    { ...TRUSTED, headers: ['X-Forwarded-Prefix', '/p'] },
  ],
  // What other functions made of the request.
  ['(kong.service.request.set_method("PUT") or kong.request.get_method())', 'PUT'],
  ['(kong.service.request.set_method("PUT") or ngx.var.request_method)', 'PUT'],
  ['(kong.service.request.set_header("X-In", "new") or kong.request.get_header("x-in"))', 'new'],
  ['(ngx.req.set_method(ngx.HTTP_PATCH) or ngx.req.get_method())', 'PATCH'],
  ['(kong.service.request.set_query({ z = 1 }) or kong.request.get_raw_query())', 'z=1'],
]

it.each(ROWS.map(([code, gives, ask]) => ({ code, gives, ask })))(
  '$code is $gives',
  async (row) => {
    const { code, gives, ask } = row
    expect(await toldBy(code, { headers: [...HEADERS], ...ask })).toBe(gives)
  },
)

it.each([
  { paths: ['/api'], target: '/api/x', gives: '/api' },
  { paths: ['/api'], target: '/api/x', strip_path: false, gives: 'nil' },
  { paths: ['/'], target: '/api/x', gives: 'nil' },
  { paths: ['~/a(?<n>p+)(i)'], target: '/appi/x', gives: '/appi' },
])('tells the prefix that was taken off: $gives', async ({ target, gives, ...route }) => {
  const code = 'tostring(kong.request.get_forwarded_prefix())'
  expect(await toldBy(code, { target, route })).toBe(gives)
})

it('tells captures of the path, all of it under 0', async () => {
  const code = `(function()
    local got = kong.request.get_uri_captures()
    return got.unnamed[0] .. " " .. got.unnamed[2] .. " " .. got.named.n
  end)()`
  const route = { paths: ['~/a(?<n>p+)(i)'] }
  expect(await toldBy(code, { target: '/appi/x', route })).toBe('/appi i pp')
})

it('writes captures without names as a list, which begins at 1', async () => {
  const code = 'require("cjson").encode(kong.request.get_uri_captures().unnamed)'
  const route = { paths: ['~/a(?<n>p+)(i)'] }
  expect(await toldBy(code, { target: '/appi/x', route })).toBe('["pp","i"]')
})

const upstream = () => incoming({ headers: ['X-From', 'up', 'X-Two', '1', 'X-Two', '2'] })

it.each([
  ['kong.response.get_header("x_from")', 'up'],
  ['kong.response.get_header("X-Two")', '1'],
  ['kong.response.get_headers().x_from', 'up'],
  ['kong.response.get_headers()["X-FROM"]', 'up'],
  ['select(2, kong.response.get_headers(1))', 'truncated'],
  ['kong.service.response.get_header("x_from")', 'up'],
  ['kong.service.response.get_headers().X_From', 'up'],
  ['ngx.resp.get_headers()["X-From"]', 'up'],
  ['ngx.header.x_from', 'up'],
  ['ngx.var.sent_http_x_from', 'up'],
  ['ngx.var.upstream_addr', 'echo.test:80'],
  ['tostring(ngx.headers_sent)', 'false'],
])('of an answer, %s is %s', async (code, gives) => {
  const config = { header_filter: [`kong.response.set_header("X-Out", ${code})`] }
  const { ask } = await openLua({ plugins_of_route: [{ name: 'pre-function', config }], upstream })
  expect((await ask('/')).headers.get('x-out')).toBe(gives)
})

const ANN = { id: '11111111-1111-4111-8111-111111111111', username: 'ann', custom_id: 'c-1' }

it.each([
  [`kong.db.consumers:select({ id = "${ANN.id}" }).username`, 'ann'],
  ['kong.db.consumers:select_by_username("ann").custom_id', 'c-1'],
  ['kong.db.consumers:select_by_custom_id("c-1").username', 'ann'],
  ['tostring(kong.db.services:select_by_name("none"))', 'nil'],
  ['kong.db.services:select_by_name("echo").host', 'echo.test'],
  ['tostring(kong.client.load_consumer("bob", true))', 'nil'],
  [`tostring(kong.client.load_consumer("${ANN.id.replace('1', '2')}"))`, 'nil'],
  ['kong.table.merge({ 1, 2, a = 3 }, { 4, b = 5 })[1]', '4'],
  ['kong.table.merge({ 1, 2, a = 3 }, { 4, b = 5 }).a', '3'],
  ['#kong.table.new(4, 4)', '0'],
  ['(function() local t = { 1 } kong.table.clear(t) return #t end)()', '0'],
  ['tostring(kong.vault.is_reference("{vault://env/a}"))', 'true'],
  ['tostring(kong.vault.is_reference("x"))', 'false'],
  ['kong.vault.parse_reference("{vault://env/cert/key?prefix=S_#1}").name', 'env'],
  ['kong.vault.parse_reference("{vault://env/cert/key?prefix=S_#1}").resource', 'cert'],
  ['kong.vault.parse_reference("{vault://env/cert/key?prefix=S_#1}").key', 'key'],
  ['kong.vault.parse_reference("{vault://env/cert/key?prefix=S_#1}").config.prefix', 'S_'],
  ['kong.vault.parse_reference("{vault://env/cert/key?prefix=S_#1}").version', '1'],
  ['select(2, kong.vault.parse_reference("x"))', 'not a reference [x]'],
  ['kong.vault.get("{vault://env/full}")', 'full'],
  ['"<" .. kong.vault.get("{vault://env/bare}") .. ">"', '<>'],
  [
    'select(2, kong.vault.get("{vault://env/none}"))',
    'unable to load value (none) from vault (env): not found [{vault://env/none}]',
  ],
  ['ngx.ctx.service.name', 'echo'],
  ['ngx.ctx.route.name', 'all'],
  ['tostring(ngx.ctx.authenticated_consumer)', 'nil'],
  [
    '(function() kong.client.authenticate(kong.client.load_consumer("ann", true)) return ngx.ctx.authenticated_consumer.username end)()',
    'ann',
  ],
  ['(function() ngx.ctx.mine = { 1 } return ngx.ctx.mine[1] end)()', '1'],
  ['kong.nginx.get_subsystem()', 'http'],
  ['tostring(kong.cluster.get_id())', 'nil'],
  ['kong.pdk_major_version', '1'],
  ['tostring(kong.ip.is_trusted("10.1.2.3"))', 'true'],
  ['tostring(kong.ip.is_trusted("11.1.2.3"))', 'false'],
])('of the node, %s is %s', async (code, gives) => {
  const { ask, transport } = await openLua({
    plugins_of_route: [
      {
        name: 'pre-function',
        config: { access: [`kong.service.request.set_header("X-Out", ${code})`] },
      },
    ],
    config: { consumers: [ANN] },
    settings: { shown: { trusted_ips: ['10.0.0.0/8'] } },
    variables: { FULL: 'full', BARE: '' },
  })
  await ask('/')
  expect(valuesOf(transport.sent[0]?.headers ?? [], 'x-out')).toEqual([gives])
})
