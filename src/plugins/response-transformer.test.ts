import { describe, expect, it } from 'vitest'
import { openGateway } from '../../test/plugins/open-gateway.ts'
import { incoming } from '../../test/proxy/fakes.ts'
import type { Body } from '../lib/bytes.ts'

type Config = Readonly<Record<string, unknown>>

function open(config: Config, headers: string[], body?: Body | string) {
  return openGateway({
    plugins_of_route: [{ name: 'response-transformer', config }],
    upstream: () => incoming({ headers, ...(body === undefined ? {} : { body }) }),
  })
}

const HEADERS = ['X-A', '1', 'X-B', '2', 'x-a', '3']

describe('headers', () => {
  it.each<{ does: string; config: Config; name: string; value: string | null }>([
    { does: 'removes', config: { remove: { headers: ['x-a'] } }, name: 'x-a', value: null },
    {
      does: 'renames',
      config: { rename: { headers: ['x-a:X-New'] } },
      name: 'x-new',
      value: '1, 3',
    },
    {
      does: 'renames away',
      config: { rename: { headers: ['x-a:X-New'] } },
      name: 'x-a',
      value: null,
    },
    {
      does: 'renames over',
      config: { rename: { headers: ['x-a:X-B'] } },
      name: 'x-b',
      value: '1, 3',
    },
    {
      does: 'renames nothing',
      config: { rename: { headers: ['x-z:X-B'] } },
      name: 'x-b',
      value: '2',
    },
    { does: 'replaces', config: { replace: { headers: ['X-A:9'] } }, name: 'x-a', value: '9' },
    {
      does: 'replaces what is there',
      config: { replace: { headers: ['X-Z:9'] } },
      name: 'x-z',
      value: null,
    },
    {
      does: 'replaces by nothing',
      config: { replace: { headers: ['X-B:'] } },
      name: 'x-b',
      value: '2',
    },
    { does: 'adds', config: { add: { headers: ['X-Z:a:b'] } }, name: 'x-z', value: 'a:b' },
    // Kong: nginx writes names with hyphens, and finds them so.
    { does: 'hyphenates', config: { add: { headers: ['x_z:9'] } }, name: 'x-z', value: '9' },
    { does: 'hyphenates all', config: { add: { headers: ['x_z:9'] } }, name: 'x_z', value: null },
    {
      does: 'adds to no hyphens',
      config: { add: { headers: ['x_b:9'] } },
      name: 'x-b',
      value: '2',
    },
    {
      does: 'removes hyphens',
      config: { remove: { headers: ['x_b'] } },
      name: 'x-b',
      value: null,
    },
    {
      does: 'renames hyphens',
      config: { rename: { headers: ['x_a:y_a'] } },
      name: 'y-a',
      value: '1, 3',
    },
    {
      does: 'replaces hyphens',
      config: { replace: { headers: ['x_b:9'] } },
      name: 'x-b',
      value: '9',
    },
    {
      does: 'adds no template',
      config: { add: { headers: ['X-Z:$(headers.x)'] } },
      name: 'x-z',
      value: '$(headers.x)',
    },
    {
      does: 'adds what is not there',
      config: { add: { headers: ['x-b:9'] } },
      name: 'x-b',
      value: '2',
    },
    {
      does: 'appends',
      config: { append: { headers: ['x-b:9', 'x-b:8'] } },
      name: 'x-b',
      value: '2, 9, 8',
    },
    {
      does: 'appends the first',
      config: { append: { headers: ['x-z:9'] } },
      name: 'x-z',
      value: '9',
    },
    {
      does: 'adds none that was there before it was removed',
      config: { remove: { headers: ['x-b'] }, add: { headers: ['x-b:9'] } },
      name: 'x-b',
      value: null,
    },
    {
      does: 'replaces one that was there before it was removed',
      config: { remove: { headers: ['x-b'] }, replace: { headers: ['x-b:9'] } },
      name: 'x-b',
      value: '9',
    },
  ])('$does', async ({ config, name, value }) => {
    const { ask } = await open(config, HEADERS, 'text')
    const answer = await ask('/')
    expect(answer.headers.get(name)).toBe(value)
    expect(answer.text).toBe('text')
  })

  it('of a refusal are changed too', async () => {
    const { ask } = await openGateway({
      plugins_of_route: [
        { name: 'response-transformer', config: { add: { headers: ['x-z:9'], json: ['a:1'] } } },
        { name: 'ip-restriction', config: { deny: ['10.0.0.9'] } },
      ],
    })
    const answer = await ask('/')
    expect(answer.headers.get('x-z')).toBe('9')
    expect(answer.json).toMatchObject({ a: '1', message: 'IP address not allowed: 10.0.0.9' })
  })
})

const JSON_TYPE = ['Content-Type', 'application/json; charset=utf-8']

describe('a JSON body', () => {
  it.each<{ config: Config; body: string; changed: string }>([
    { config: { remove: { json: ['a', 'z'] } }, body: '{"a":1,"b":2}', changed: '{"b":2}' },
    {
      config: { rename: { json: ['a:z', 'y:b'] } },
      body: '{"a":[1],"b":2}',
      changed: '{"b":2,"z":[1]}',
    },
    { config: { rename: { json: ['a:'] } }, body: '{"a":1}', changed: '{"a":1}' },
    { config: { replace: { json: ['a:x', 'z:x'] } }, body: '{"a":{"b":1}}', changed: '{"a":"x"}' },
    {
      config: { add: { json: ['a:x', 'z:x'] } },
      body: '{"a":false}',
      changed: '{"a":false,"z":"x"}',
    },
    {
      config: { append: { json: ['a:x', 'b:x', 'c:x', 'd:x'] } },
      body: '{"a":"1","b":[2],"c":null}',
      changed: '{"a":["1","x"],"b":[2,"x"],"c":["x"],"d":["x"]}',
    },
    {
      config: {
        add: {
          json: ['a:1', 'b:true', 'c:yes', 'd:2', 'e:x', 'f:3'],
          json_types: ['number', 'boolean', 'boolean', 'string', 'number'],
        },
      },
      body: '{}',
      changed: '{"a":1,"b":true,"c":false,"d":"2","f":"3"}',
    },
    {
      config: { replace: { json: ['a:-1.5e1'], json_types: ['number'] } },
      body: '{"a":0}',
      changed: '{"a":-15}',
    },
    {
      config: { append: { json: ['a:2'], json_types: ['number'] } },
      body: '{"a":[1]}',
      changed: '{"a":[1,2]}',
    },
    { config: { add: { json: ['a:'] } }, body: '{}', changed: '{"a":"null"}' },
    { config: { add: { json: ['a:"q/"'] } }, body: '{}', changed: '{"a":"\\"q/\\""}' },
    { config: { add: { json: ['a.b:1'] } }, body: '{"a":{}}', changed: '{"a":{},"a.b":"1"}' },
    { config: { add: { json: ['__proto__:x'] } }, body: '{}', changed: '{"__proto__":"x"}' },
    { config: { add: { json: ['a:x'] } }, body: '[{"b":1}]', changed: '[{"b":1}]' },
    { config: { add: { json: ['a:x'] } }, body: '{"b" :', changed: '{"b" :' },
    { config: { remove: { json: ['a'] } }, body: '{"a":1,"é":"é"}', changed: '{"é":"é"}' },
    {
      config: {
        append: { json: ['c:4'] },
        add: { json: ['c:3', 'a:5'] },
        replace: { json: ['c:2'] },
        rename: { json: ['a:c'] },
        remove: { json: ['b'] },
      },
      body: '{"a":1,"b":1}',
      changed: '{"c":["2","4"],"a":"5"}',
    },
  ])('$body with $config is $changed', async ({ config, body, changed }) => {
    const { ask } = await open(config, JSON_TYPE, body)
    const answer = await ask('/')
    expect(answer.text).toBe(changed)
    expect(answer.headers.get('content-length')).toBe(`${Buffer.byteLength(changed)}`)
  })

  const config = { remove: { json: ['a'] } }

  it.each([
    { headers: ['Content-Type', 'application/json'], changed: true },
    { headers: ['Content-Type', 'text/plain, Application/JSON;x=y'], changed: true },
    { headers: [...JSON_TYPE, 'Content-Encoding', 'identity'], changed: true },
    { headers: [...JSON_TYPE, 'Content-Encoding', 'gzip'], changed: false },
    { headers: ['Content-Type', 'application/problem+json; charset=utf-8'], changed: true },
    { headers: ['Content-Type', 'application/problem+jsons'], changed: false },
    { headers: ['Content-Type', 'application/jsonp'], changed: false },
    { headers: ['Content-Type', 'text/json'], changed: false },
    { headers: [], changed: false },
  ])('is one with $headers: $changed', async ({ headers, changed }) => {
    const { ask } = await open(config, headers, '{"a":1}')
    expect((await ask('/')).text).toBe(changed ? '{}' : '{"a":1}')
  })

  it('is one once its type was added', async () => {
    const added = { ...config, add: { headers: ['Content-Type:application/json'] } }
    const { ask } = await open(added, [], '{"a":1}')
    expect((await ask('/')).text).toBe('{}')
  })

  it('that nests deeper than Kong reads passes as it is', async () => {
    const body = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
    const { ask } = await open({ remove: { json: ['b'] } }, JSON_TYPE, body)
    expect((await ask('/')).text).toBe(body)
  })

  it('that is too long to be held passes as it is', async () => {
    const body = `{"a":"${'x'.repeat(10 * 2 ** 20)}"}`
    const { ask, runtime } = await open(config, JSON_TYPE, body)
    expect((await ask('/')).text.length).toBe(body.length)
    expect(runtime.lines).toContain('warn: Cannot transform a body')
  })

  it('is none for HEAD', async () => {
    const { ask } = await open(config, JSON_TYPE)
    expect((await ask('/', { method: 'HEAD' })).text).toBe('')
  })
})
