import { describe, expect, it } from 'vitest'
import { openGateway } from '../../test/plugins/open-gateway.ts'
import { clientRequest, requestBody, textOf, valuesOf } from '../../test/proxy/fakes.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { allPlugins } from './all.ts'

type Config = Readonly<Record<string, unknown>>

/** What goes up when somebody asks. */
async function sent(config: Config, path = '/', init: RequestInit = {}) {
  const { ask, transport } = await openGateway({
    plugins_of_route: [{ name: 'request-transformer', config }],
  })
  const answer = await ask(path, init)
  const outgoing = transport.sent[0]
  return {
    status: answer.status,
    method: outgoing?.method,
    target: outgoing?.target,
    body: await textOf(outgoing?.body),
    headers: (name: string) => valuesOf(outgoing?.headers ?? [], name),
  }
}

function post(type: string, body: string): RequestInit {
  return { method: 'POST', body, headers: { 'Content-Type': type } }
}

describe('headers', () => {
  it.each<{ does: string; config: Config; name: string; values: string[] }>([
    { does: 'removes', config: { remove: { headers: ['X-A'] } }, name: 'x-a', values: [] },
    {
      does: 'renames',
      config: { rename: { headers: ['x-a:X-New'] } },
      name: 'x-new',
      values: ['1'],
    },
    {
      does: 'renames away',
      config: { rename: { headers: ['x-a:X-New'] } },
      name: 'x-a',
      values: [],
    },
    {
      does: 'renames over',
      config: { rename: { headers: ['x-a:X-B'] } },
      name: 'x-b',
      values: ['1'],
    },
    {
      does: 'renames nothing',
      config: { rename: { headers: ['x-z:X-B'] } },
      name: 'x-b',
      values: ['2'],
    },
    { does: 'replaces', config: { replace: { headers: ['X-A:9'] } }, name: 'x-a', values: ['9'] },
    {
      does: 'replaces what is there',
      config: { replace: { headers: ['X-Z:9'] } },
      name: 'x-z',
      values: [],
    },
    {
      does: 'replaces by nothing',
      config: { replace: { headers: ['X-A:'] } },
      name: 'x-a',
      values: ['1'],
    },
    { does: 'adds', config: { add: { headers: ['X-Z:9:8'] } }, name: 'x-z', values: ['9:8'] },
    {
      does: 'adds what is not there',
      config: { add: { headers: ['x-a:9'] } },
      name: 'x-a',
      values: ['1'],
    },
    {
      does: 'appends',
      config: { append: { headers: ['x-a:9', 'X-A:8'] } },
      name: 'x-a',
      values: ['1', '9', '8'],
    },
    {
      does: 'appends the first',
      config: { append: { headers: ['x-z:9'] } },
      name: 'x-z',
      values: ['9'],
    },
    {
      does: 'replaces the host',
      config: { replace: { headers: ['Host:h.test'] } },
      name: 'host',
      values: ['h.test'],
    },
    {
      does: 'renames to the host',
      config: { rename: { headers: ['x-a:Host'] } },
      name: 'host',
      values: ['1'],
    },
    {
      does: 'renames no host',
      config: { rename: { headers: ['host:x-h'] } },
      name: 'x-h',
      values: [],
    },
    {
      does: 'renames on and on',
      config: { rename: { headers: ['x-a:x-c', 'x-c:x-d'] } },
      name: 'x-d',
      values: ['1'],
    },
    {
      does: 'keeps what is renamed to itself',
      config: { rename: { headers: ['x-a:x-a'] } },
      name: 'x-a',
      values: ['1'],
    },
    {
      does: 'keeps what is renamed to itself in other letters',
      config: { rename: { headers: ['x-a:X-A'] } },
      name: 'x-a',
      values: ['1'],
    },
    {
      does: 'adds no host',
      config: { add: { headers: ['Host:h.test'] } },
      name: 'host',
      values: ['echo.test'],
    },
    {
      does: 'removes no host',
      config: { remove: { headers: ['host'] } },
      name: 'host',
      values: ['echo.test'],
    },
    { does: 'writes UTF-8', config: { add: { headers: ['x-z:é'] } }, name: 'x-z', values: ['Ã©'] },
    {
      does: 'goes in order',
      config: {
        append: { headers: ['x-c:4'] },
        add: { headers: ['x-c:3', 'x-a:5'] },
        replace: { headers: ['x-c:2'] },
        rename: { headers: ['x-a:x-c'] },
        remove: { headers: ['x-b'] },
      },
      name: 'x-c',
      values: ['2', '4'],
    },
  ])('$does', async ({ config, name, values }) => {
    const { headers } = await sent(config, '/', { headers: { 'X-A': '1', 'X-B': '2' } })
    expect(headers(name)).toEqual(values)
  })
})

describe('the query', () => {
  it.each([
    { config: { remove: { querystring: ['a'] } }, query: '?b=2&c&d=%20x' },
    { config: { rename: { querystring: ['a:z'] } }, query: '?b=2&c&d=%20x&z=1&z=3' },
    { config: { rename: { querystring: ['y:b'] } }, query: '?a=1&a=3&b=2&c&d=%20x' },
    { config: { rename: { querystring: ['b:b'] } }, query: '?a=1&a=3&b=2&c&d=%20x' },
    { config: { append: { querystring: ['c:9'] } }, query: '?a=1&a=3&b=2&c=9&d=%20x' },
    { config: { replace: { querystring: ['a:9', 'y:9'] } }, query: '?a=9&b=2&c&d=%20x' },
    {
      config: { add: { querystring: ['a:9', 'y:9&=#'] } },
      query: '?a=1&a=3&b=2&c&d=%20x&y=9%26%3D%23',
    },
    {
      config: { append: { querystring: ['a:9', 'y:é'] } },
      query: '?a=1&a=3&a=9&b=2&c&d=%20x&y=%C3%A9',
    },
    { config: { add: { headers: ['x:y'] } }, query: '?b=2&a=1&c&a=3&d=+x' },
    { config: { remove: { querystring: ['a', 'b', 'c', 'd'] } }, query: '' },
  ])('with $config is $query', async ({ config, query }) => {
    const { target } = await sent(config, '/p?b=2&a=1&c&a=3&d=+x')
    expect(target).toBe(`/p${query}`)
  })
})

describe('the method', () => {
  it('is another', async () => {
    expect((await sent({ http_method: 'PUT' }, '/p?a=1')).method).toBe('PUT')
  })

  it('has a form go into the query as well when it is one without body', async () => {
    const form = post('application/x-www-form-urlencoded', 'b=2&a=0&c')
    const { method, target, body } = await sent({ http_method: 'GET' }, '/p?a=1', form)
    expect([method, target, body]).toEqual(['GET', '/p?a=1&a=0&b=2&c', 'b=2&a=0&c'])
  })

  it.each([
    { http_method: 'GET', type: 'text/plain' },
    { http_method: 'PUT', type: 'application/x-www-form-urlencoded' },
  ])('$http_method leaves a body of $type where it is', async ({ http_method, type }) => {
    expect((await sent({ http_method }, '/p?a=1', post(type, 'b=2'))).target).toBe('/p?a=1')
  })
})

const JSON_TYPE = 'application/json; charset=utf-8'
const FORM = 'application/x-www-form-urlencoded'

describe('a JSON body', () => {
  it.each<{ config: Config; body: string; changed: string }>([
    { config: { remove: { body: ['a', 'z'] } }, body: '{"a":1,"b":2}', changed: '{"b":2}' },
    {
      config: { rename: { body: ['a:z', 'y:b'] } },
      body: '{"a":[1],"b":2}',
      changed: '{"b":2,"z":[1]}',
    },
    {
      config: { replace: { body: ['a:x', 'z:x'] } },
      body: '{"a":1,"b":2}',
      changed: '{"a":"x","b":2}',
    },
    { config: { add: { body: ['a:x', 'z:x'] } }, body: '{"a":1}', changed: '{"a":1,"z":"x"}' },
    {
      config: { append: { body: ['a:x', 'b:x', 'c:x', 'd:x'] } },
      body: '{"a":"1","b":[2],"c":3}',
      changed: '{"a":["1","x"],"b":[2,"x"],"c":["x"],"d":["x"]}',
    },
    {
      config: { append: { body: ['a:x'] } },
      body: '{"a":{"1":0}}',
      changed: '{"a":{"1":0,"2":"x"}}',
    },
    { config: { rename: { body: ['a:a'] } }, body: '{ "a":1 }', changed: '{ "a":1 }' },
    {
      config: { rename: { body: ['a:c', 'c:d'] }, remove: { body: ['b'] } },
      body: '{"a":1,"b":2}',
      changed: '{"d":1}',
    },
    // What comes to nothing leaves numbers and spaces as they were written.
    {
      config: { replace: { body: ['z:x'] }, add: { body: ['a:x'] }, remove: { body: ['y'] } },
      body: '{ "a": 12345678901234567890, "b": 1.0 }',
      changed: '{ "a": 12345678901234567890, "b": 1.0 }',
    },
    { config: { add: { body: ['__proto__:x'] } }, body: '{}', changed: '{"__proto__":"x"}' },
    {
      config: { remove: { body: ['__proto__'] } },
      body: '{"__proto__":{"a":1},"b":2}',
      changed: '{"b":2}',
    },
    { config: { remove: { body: ['constructor'] } }, body: '{"b":2}', changed: '{"b":2}' },
    { config: { add: { body: ['a:x'] } }, body: '[1, 2]', changed: '[1, 2]' },
    { config: { add: { body: ['a:x'] } }, body: '{"a"', changed: '{"a"' },
    { config: { add: { body: ['a:x'] } }, body: '', changed: '{"a":"x"}' },
    { config: { remove: { body: ['a'] } }, body: '', changed: '' },
  ])('$body with $config is $changed', async ({ config, body, changed }) => {
    const { body: up, headers } = await sent(config, '/', post(JSON_TYPE, body))
    expect(up).toBe(changed)
    expect(headers('content-length')).toEqual([`${Buffer.byteLength(changed)}`])
  })

  it('that nests deeper than Kong reads is left alone', async () => {
    const body = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
    expect((await sent({ remove: { body: ['b'] } }, '/', post(JSON_TYPE, body))).body).toBe(body)
  })

  it('of a type that is none is left alone', async () => {
    const config = { remove: { body: ['a'] } }
    expect((await sent(config, '/', post('text/plain', '{"a":1}'))).body).toBe('{"a":1}')
  })
})

describe('a form', () => {
  it.each<{ config: Config; body: string; changed: string }>([
    { config: { remove: { body: ['a', 'z'] } }, body: 'a=1&b=2&a=3&c', changed: 'b=2&c' },
    { config: { rename: { body: ['a:z', 'y:b'] } }, body: 'a=1&b=2&a=3', changed: 'b=2&z=1&z=3' },
    {
      config: { replace: { body: ['a:x y', 'z:x'] } },
      body: 'a=1&b=%E9',
      changed: 'a=x%20y&b=%C3%A9',
    },
    { config: { add: { body: ['a:x', 'z:x'] } }, body: 'a=1', changed: 'a=1&z=x' },
    { config: { append: { body: ['a:x', 'z:x'] } }, body: 'a=1', changed: 'a=1&a=x&z=x' },
    { config: { add: { body: ['a:x'] }, remove: { body: ['b'] } }, body: '', changed: 'a=x' },
    { config: { append: { body: ['c:x'] } }, body: 'a=1&c', changed: 'a=1&c=x' },
    { config: { rename: { body: ['a:a'] } }, body: 'a=1&b=2', changed: 'a=1&b=2' },
    { config: { replace: { body: ['z:x'] } }, body: 'a=+1&&b=%7e', changed: 'a=+1&&b=%7e' },
  ])('$body with $config is $changed', async ({ config, body, changed }) => {
    expect((await sent(config, '/', post(FORM, body))).body).toBe(changed)
  })
})

describe('a multipart body', () => {
  const MULTIPART = 'multipart/form-data; boundary=x'
  const file =
    'Content-Disposition: form-data; name="f"; filename="a.bin"\r\nContent-Type: a/b\r\n\r\n\xff'
  const field = (name: string, value: string) =>
    `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`
  const parts = (...all: string[]) =>
    all.length === 0 ? '' : `--x\r\n${all.join('\r\n--x\r\n')}\r\n--x--\r\n`

  it.each<{ config: Config; body: string; changed: string }>([
    {
      config: { remove: { body: ['a'] } },
      body: parts(field('a', '1'), file),
      changed: parts(file),
    },
    {
      config: { rename: { body: ['f:g', 'y:z'] } },
      body: parts(file),
      changed: parts(field('g', '\xff')),
    },
    {
      config: { replace: { body: ['a:é', 'z:2'] } },
      body: parts(field('a', '1')),
      changed: parts(field('a', '\xc3\xa9')),
    },
    {
      config: { add: { body: ['a:2', 'z:2'] } },
      body: parts(field('a', '1')),
      changed: parts(field('a', '1'), field('z', '2')),
    },
    {
      config: { append: { body: ['a:2'] } },
      body: parts(field('a', '1')),
      changed: parts(field('a', '1')),
    },
    { config: { add: { body: ['a:2'] } }, body: '', changed: parts(field('a', '2')) },
    {
      config: { rename: { body: ['a:b'] }, remove: { body: ['a'] } },
      body: parts(field('a', '1'), file),
      changed: parts(file, field('b', '1')),
    },
    {
      config: { rename: { body: ['a:b'] }, remove: { body: ['b'] } },
      body: parts(field('a', '1'), file),
      changed: parts(file),
    },
    {
      config: { rename: { body: ['a:a'] } },
      body: parts(field('a', '1'), file),
      changed: parts(field('a', '1'), file),
    },
    {
      config: { replace: { body: ['z:2'] } },
      body: `before\r\n${parts(field('a', '1'))}after`,
      changed: `before\r\n${parts(field('a', '1'))}after`,
    },
    { config: { add: { body: ['a:2'] } }, body: 'broken', changed: 'broken' },
  ])('with $config', async ({ config, body, changed }) => {
    const { ask, transport } = await openGateway({
      plugins_of_route: [{ name: 'request-transformer', config }],
    })
    const headers = { 'Content-Type': MULTIPART }
    await ask('/', { method: 'POST', body: Buffer.from(body, 'latin1'), headers })
    const up = transport.sent[0]?.body
    expect(up instanceof Uint8Array && Buffer.from(up).toString('latin1')).toBe(changed)
  })

  it('gets no part that a client hides in a value', async () => {
    const evil = encodeURIComponent(`1\r\n--x\r\n${field('admin', 'yes')}`)
    const { body, headers } = await sent(
      { add: { body: ['note:$(query_params.note)'] } },
      `/?note=${evil}`,
      post(MULTIPART, parts(field('a', '1'))),
    )
    const [type = ''] = headers('content-type')
    const read = await new Response(body, { headers: { 'Content-Type': type } }).formData()
    expect([...read.keys()]).toEqual(['a', 'note'])
  })
})

it('a body too long to be held is refused, for what is in it would pass unchanged', async () => {
  const { gateway } = await openGateway({
    plugins_of_route: [{ name: 'request-transformer', config: { remove: { body: ['a'] } } }],
  })
  const body = { ...requestBody(['x']), length: 10 * 2 ** 20 + 1 }
  const headers = ['Content-Type', 'application/json']
  const answer = await gateway.handle(
    clientRequest({ host: 'a.test', target: '/', method: 'POST', headers, body }),
  )
  expect(answer.status).toBe(413)
})

/** A route whose path captures, and a plugin before that leaves something. */
async function captured(config: Config, path: string, headers: string[] = []) {
  const leaving = definePlugin(
    { name: 'leaving', priority: 9999, config: { type: 'record', required: true, fields: {} } },
    () => ({
      access({ shared }) {
        shared.set('text', 'left')
        shared.set('list', ['a', 'b'])
        shared.set('deep', { n: 7 })
        return undefined
      },
    }),
  )
  const plugins = [{ name: 'request-transformer', config }, { name: 'leaving' }]
  const routes = [{ paths: ['~/u/(?<user>[^/]+)/(.*)$'], strip_path: false, plugins }]
  const { gateway, transport } = await openGateway({
    plugins: [...allPlugins, leaving],
    config: { services: [{ name: 's', url: 'http://echo.test', routes }] },
  })
  // What a client of this process cannot send: one name twice.
  const { status } = await gateway.handle(clientRequest({ host: 'a.test', target: path, headers }))
  return { status, outgoing: transport.sent[0] }
}

describe('a template', () => {
  it.each([
    ['$(uri_captures.user)', 'ann'],
    ['$(uri_captures[1])-$(uri_captures[2])', 'ann-x/y'],
    ['$(uri_captures["1"])', ''],
    ['$(uri_captures.nobody or "none")', 'none'],
    ['$(headers.x_one)', '1'],
    ['$(headers["X-One"])', '1'],
    ['$(headers["x-two"][2])', 'b'],
    ['$(headers["x-two"])', 'a, b'],
    ['$(headers["x-utf"])', 'Ã©'],
    ['$(type(headers["x-two"]))', 'table'],
    ['$(query_params.q)', 'a b'],
    ['$(query_params.flag)', 'true'],
    ['$(query_params.r[1])', '1'],
    ['$(shared.text)', 'left'],
    ['$(shared.list[2])', 'b'],
    ['$(shared.deep.n)', '7'],
    ['$(shared.deep.constructor)', ''],
    ['$(headers[1])$(shared)', ''],
  ])('%s is %j', async (template, value) => {
    const { outgoing } = await captured(
      { add: { headers: [`x-out:${template}`] } },
      '/u/ann/x/y?q=a+b&flag&r=1&r=2',
      ['X-One', '1', 'X-Two', 'a', 'X-Two', 'b', 'X-Utf', 'Ã©'],
    )
    expect(valuesOf(outgoing?.headers ?? [], 'x-out')).toEqual([value])
  })

  it.each([
    { uri: '/v2/$(uri_captures.user)', target: '/v2/ann' },
    { uri: '/v2/$(query_params.q)', target: '/v2/a%20b%3Fx=1%23%C3%A9' },
    { uri: '/v2?x=$(uri_captures.user)', target: '/v2?x=ann' },
  ])('makes the path $target', async ({ uri, target }) => {
    const { outgoing } = await captured(
      { replace: { uri }, remove: { querystring: ['q'] } },
      '/u/ann/x?q=a+b%3Fx%3D1%23%C3%A9',
    )
    expect(outgoing?.target).toBe(target)
  })

  it.each<{ config: Config }>([
    { config: { replace: { uri: '/$(10 * uri_captures.user)' } } },
    { config: { replace: { uri: '/$(' } } },
    { config: { add: { querystring: ['q:$(ERROR())'] } } },
    { config: { add: { headers: ['x-out:$(shared.text = true)'] } } },
    { config: { add: { headers: ["x-out:$(require('inspect')('x'))"] } } },
    { config: { add: { headers: ['x-out:$(foo(headers.x) == "table" and "y")'] } } },
    { config: { add: { headers: ['x-out:$(string.sub(query_params.user, 1, 3))'] } } },
  ])('that fails is an error: $config', async ({ config }) => {
    const { status, outgoing } = await captured(config, '/u/ann/x')
    expect(status).toBe(500)
    expect(outgoing).toBeUndefined()
  })

  it('reckons', async () => {
    const uri = '/v2/$(10 * uri_captures.user)'
    expect((await captured({ replace: { uri } }, '/u/7/x')).outgoing?.target).toBe('/v2/70')
  })

  it('that makes no path is an error', async () => {
    const { status, outgoing } = await captured({ replace: { uri: '$(headers.no)' } }, '/u/a/b')
    expect(status).toBe(500)
    expect(outgoing).toBeUndefined()
  })

  it('cannot make another header, or line of a request', async () => {
    const evil = encodeURIComponent('1\r\nX-Admin: yes')
    const { outgoing } = await captured(
      {
        add: { headers: ['x-out:$(query_params.e)'] },
        append: { headers: ['x-out:$(query_params.e)'] },
        replace: { headers: ['host:$(query_params.e)'], uri: '/$(query_params.e)' },
      },
      `/u/a/b?e=${evil}`,
    )
    const headers = outgoing?.headers ?? []
    expect(valuesOf(headers, 'x-admin')).toEqual([])
    expect(valuesOf(headers, 'x-out')).toEqual(['1  X-Admin: yes', '1  X-Admin: yes'])
    expect(headers.some((text) => /[\r\n]/.test(text))).toBe(false)
    expect(outgoing?.target).toMatch(/^\/1%0D%0AX-Admin:%20yes\?/)
  })

  it('sees headers as they were before the first was changed, and the query after it as they are', async () => {
    const { outgoing } = await captured(
      {
        rename: { headers: ['x-one:x-new'] },
        add: { headers: ['x-out:$(headers["x-one"])'], querystring: ['n:$(headers["x-out"])'] },
      },
      '/u/a/b',
      ['X-One', '1'],
    )
    expect(valuesOf(outgoing?.headers ?? [], 'x-out')).toEqual(['1'])
    // Kong: what was looked at once stays as it was.
    expect(outgoing?.target).toBe('/u/a/b?n=')
  })
})
