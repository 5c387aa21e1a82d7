import { describe, expect, it } from 'vitest'
import { openGateway, type Rig } from '../../test/plugins/open-gateway.ts'
import { type Answering, failure, incoming, valuesOf } from '../../test/proxy/fakes.ts'

const LEAST = {
  aws_region: 'us-east-1',
  aws_key: 'AKIDEXAMPLE',
  aws_secret: 'wJalrXUtnFEMI',
  function_name: 'greet',
}

function lambda(
  config: Readonly<Record<string, unknown>> = {},
  upstream: Answering = () => said('{}'),
  paths = ['/'],
): Promise<Rig> {
  const route = { name: 'functions', paths, strip_path: false }
  const plugins = [{ name: 'aws-lambda', config: { ...LEAST, ...config } }]
  return openGateway({ config: { services: [], routes: [{ ...route, plugins }] }, upstream })
}

function said(body: string, headers: string[] = [], status = 200) {
  const list = ['Content-Type', 'application/json', 'X-Amzn-RequestId', 'r', ...headers]
  return incoming({ status, body, headers: [...list, 'Connection', 'close', 'Server', 'aws'] })
}

/** What the function was given. */
function given({ transport }: Rig, at = 0): unknown {
  const body = transport.sent[at]?.body
  return JSON.parse(new TextDecoder().decode(body instanceof Uint8Array ? body : undefined))
}

describe('the call', () => {
  it('is signed and goes to the function', async () => {
    const rig = await lambda()
    await rig.ask('/')
    const [sent] = rig.transport.sent
    expect(sent).toMatchObject({
      scheme: 'https',
      host: 'lambda.us-east-1.amazonaws.com',
      port: 443,
      method: 'POST',
      target: '/2015-03-31/functions/greet/invocations',
      readTimeout: 60000,
      tls: { verify: true },
    })
    const headers = sent?.headers ?? []
    expect(valuesOf(headers, 'x-amz-invocation-type')).toEqual(['RequestResponse'])
    expect(valuesOf(headers, 'x-amz-log-type')).toEqual(['Tail'])
    expect(valuesOf(headers, 'x-amz-date')).toEqual(['20231114T221320Z'])
    expect(valuesOf(headers, 'authorization')[0]).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20231114\/us-east-1\/lambda\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-invocation-type;x-amz-log-type, Signature=[0-9a-f]{64}$/,
    )
  })

  it('is as it is configured', async () => {
    const rig = await lambda({
      host: 'lambda.test',
      port: 4566,
      disable_https: true,
      qualifier: 'a b',
      function_name: 'arn:aws:lambda:us-east-1:1:function:greet',
      invocation_type: 'Event',
      log_type: 'None',
      timeout: 7,
    })
    await rig.ask('/')
    const [sent] = rig.transport.sent
    expect(sent).toMatchObject({
      scheme: 'http',
      host: 'lambda.test',
      port: 4566,
      target:
        '/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A1%3Afunction%3Agreet/invocations?Qualifier=a%20b',
      readTimeout: 7,
    })
    expect(valuesOf(sent?.headers ?? [], 'x-amz-invocation-type')).toEqual(['Event'])
    expect(valuesOf(sent?.headers ?? [], 'x-amz-log-type')).toEqual(['None'])
    expect(valuesOf(sent?.headers ?? [], 'host')).toEqual(['lambda.test:4566'])
  })

  it.each([
    { why: 'no region', config: { aws_region: null } },
    { why: 'no name', config: { function_name: null } },
    { why: 'AWS says no', upstream: () => said('{"Message":"secret"}', [], 403) },
    { why: 'AWS is away', upstream: () => failure() },
  ])('that fails is a 500 without a reason: $why', async ({ config, upstream }) => {
    const rig = await lambda(config, upstream)
    const answer = await rig.ask('/')
    expect(answer.status).toBe(500)
    expect(answer.json).toEqual({ message: 'An unexpected error occurred' })
    expect(answer.text).not.toContain('secret')
    expect(rig.runtime.lines).toContain('error: Cannot invoke a function')
  })

  it.each([
    { proxy_url: 'http://p.test', proxy: { host: 'p.test', port: 80 } },
    {
      proxy_url: 'http://me:s%20e@[::1]:3128/',
      proxy: { host: '::1', port: 3128, authorization: 'Basic bWU6cyBl' },
    },
    { proxy_url: null, proxy: undefined },
  ])('goes by the proxy at $proxy_url', async ({ proxy_url, proxy }) => {
    const rig = await lambda({ proxy_url })
    expect((await rig.ask('/')).status).toBe(200)
    expect(rig.transport.sent[0]?.proxy).toEqual(proxy)
    expect(valuesOf(rig.transport.sent[0]?.headers ?? [], 'proxy-authorization')).toEqual([])
  })

  it.each(['http://p.test:99999', 'http://%zz@p.test'])('is not to go by %s', async (proxy_url) => {
    const rig = await openGateway()
    const config = { ...LEAST, proxy_url }
    const { status, json } = await rig.admin('POST', '/plugins', { name: 'aws-lambda', config })
    const said = 'proxy_url names no proxy: its port, user or password cannot be read'
    expect([status, json]).toEqual([400, expect.objectContaining({ fields: { config: said } })])
  })
})

describe('credentials', () => {
  const none = { aws_key: null, aws_secret: null }
  const lent = JSON.stringify({
    AccessKeyId: 'LENT',
    SecretAccessKey: 's',
    Token: 'token',
    Expiration: '2023-11-14T23:13:20Z',
  })
  const machine: Answering = ({ target, method }) => {
    if (method === 'PUT') return incoming({ body: 'session' })
    if (target.endsWith('/security-credentials/')) return incoming({ body: 'role' })
    return target.endsWith('/role') ? incoming({ body: lent }) : said('{}')
  }

  it.each([
    { version: 'v1', calls: 2, sessions: [[], []] },
    { version: 'v2', calls: 3, sessions: [['session'], ['session']] },
  ])('of the machine are asked for once, by $version', async ({ version, calls, sessions }) => {
    const rig = await lambda({ ...none, aws_imds_protocol_version: version }, machine)
    await rig.ask('/')
    await rig.ask('/')
    const { sent } = rig.transport
    expect(sent).toHaveLength(calls + 2)
    expect(
      sent
        .slice(calls - 2, calls)
        .map(({ headers }) => valuesOf(headers, 'x-aws-ec2-metadata-token')),
    ).toEqual(sessions)
    expect(sent[0]).toMatchObject({ scheme: 'http', host: '169.254.169.254', port: 80 })
    expect(valuesOf(sent[calls]?.headers ?? [], 'authorization')[0]).toContain('Credential=LENT/')
    expect(valuesOf(sent[calls]?.headers ?? [], 'x-amz-security-token')).toEqual(['token'])

    rig.runtime.time += 3_600_000
    await rig.ask('/')
    expect(sent).toHaveLength(2 * calls + 3)
  })

  it('that are not there are asked for again', async () => {
    let away = true
    const rig = await lambda(none, (outgoing, n) => (away ? failure() : machine(outgoing, n)))
    expect((await rig.ask('/')).status).toBe(500)
    away = false
    expect((await rig.ask('/')).status).toBe(200)
  })

  it('of a role are asked for with the own ones', async () => {
    const xml = `<AssumeRoleResponse><AssumeRoleResult><Credentials>
      <AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
      <SessionToken>t</SessionToken><Expiration>2023-11-14T23:13:20Z</Expiration>
      </Credentials></AssumeRoleResult></AssumeRoleResponse>`
    const role = {
      aws_assume_role_arn: 'arn:aws:iam::1:role/r',
      aws_role_session_name: 'me',
      aws_sts_endpoint_url: 'https://sts.test',
    }
    const rig = await lambda(role, ({ host }) =>
      host === 'sts.test' ? incoming({ body: xml }) : said('{}'),
    )
    expect((await rig.ask('/')).status).toBe(200)
    const [asked, call] = rig.transport.sent
    const body = asked?.body instanceof Uint8Array ? asked.body : undefined
    expect(new TextDecoder().decode(body)).toBe(
      'Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=me',
    )
    expect(valuesOf(asked?.headers ?? [], 'authorization')[0]).toMatch(
      /Credential=AKIDEXAMPLE\/\d+\/us-east-1\/sts\//,
    )
    expect(valuesOf(call?.headers ?? [], 'authorization')[0]).toContain('Credential=ROLE/')
    expect(valuesOf(call?.headers ?? [], 'x-amz-security-token')).toEqual(['t'])
  })
})

describe('what the function is given', () => {
  const form = new URLSearchParams({ a: 'body', c: '3' })
  const json = { method: 'POST', body: '{"x":[]}', headers: { 'content-type': 'application/json' } }
  const text = { method: 'POST', body: 'hey', headers: { 'content-type': 'text/plain' } }
  const bytes = { method: 'POST', body: 'hey', headers: { 'content-type': 'image/png' } }
  const PARTS = '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n'
  const type = 'multipart/form-data; boundary=b'
  const parts = { method: 'POST', body: PARTS, headers: { 'content-type': type } }

  it.each<{ what: string; config?: object; path?: string; init?: RequestInit; value: unknown }>([
    { what: 'the query', path: '/?a=1&b&a=2', value: { a: ['1', '2'], b: true } },
    {
      what: 'the query and a form',
      path: '/?a=1',
      init: { method: 'POST', body: form },
      value: { a: 'body', c: '3' },
    },
    { what: 'JSON', init: json, value: { x: [] } },
    { what: 'a JSON list', init: { ...json, body: '[{}, []]' }, value: [{}, []] },
    {
      what: 'the query and a JSON list',
      path: '/?a=1',
      init: { ...json, body: '["x"]' },
      value: { a: '1', 1: 'x' },
    },
    { what: 'a JSON scalar', init: { ...json, body: '5' }, value: {} },
    {
      what: 'the method',
      config: { forward_request_method: true },
      init: { method: 'PUT' },
      value: { request_method: 'PUT' },
    },
    {
      what: 'the address',
      config: { forward_request_uri: true },
      path: '/a%20b?x=1',
      value: { request_uri: '/a b?x=1', request_uri_args: { x: '1' } },
    },
    {
      what: 'no body',
      config: { forward_request_body: true },
      value: { request_body: '', request_body_base64: true, request_body_args: {} },
    },
    {
      what: 'a JSON body',
      config: { forward_request_body: true },
      init: json,
      value: { request_body: '{"x":[]}', request_body_args: { x: [] } },
    },
    {
      what: 'a form of parts',
      config: { forward_request_body: true },
      init: parts,
      value: { request_body: PARTS, request_body_args: { a: '1' } },
    },
    {
      what: 'a text',
      config: { forward_request_body: true },
      init: text,
      value: { request_body: 'hey', request_body_args: {} },
    },
    {
      what: 'other bytes',
      config: { forward_request_body: true },
      init: bytes,
      value: { request_body: 'aGV5', request_body_base64: true, request_body_args: {} },
    },
    {
      what: 'other bytes as they are',
      config: { forward_request_body: true, base64_encode_body: false },
      init: bytes,
      value: { request_body: 'hey', request_body_args: {} },
    },
    {
      what: 'a large body, left out',
      config: { forward_request_body: true },
      init: { ...text, body: 'x'.repeat(8193) },
      value: { request_body_args: {} },
    },
    {
      what: 'a large body',
      config: { forward_request_body: true, skip_large_bodies: false },
      init: { ...text, body: 'x'.repeat(8193) },
      value: { request_body: 'x'.repeat(8193), request_body_args: {} },
    },
  ])('is $what', async ({ config, path = '/', init, value }) => {
    const rig = await lambda({ ...config })
    await rig.ask(path, init)
    expect(given(rig)).toEqual(value)
  })

  it('is the headers', async () => {
    const rig = await lambda({ forward_request_headers: true })
    await rig.ask('/', { headers: [['X-A', '1']] })
    expect(given(rig)).toMatchObject({ request_headers: { 'x-a': '1', host: 'a.test' } })
  })

  it("is an event of Amazon's gateway", async () => {
    const rig = await lambda({ awsgateway_compatible: true }, undefined, ['~/u/(?<id>\\d+)'])
    const headers = { 'user-agent': 'me', 'x-a': '1' }
    await rig.ask('/u/7?q=1&q=2&f', { method: 'POST', body: 'hey', headers })
    expect(given(rig)).toMatchObject({
      version: '1.0',
      resource: '/u/(?<id>\\d+)',
      path: '/u/7',
      httpMethod: 'POST',
      headers: { 'x-a': '1', 'user-agent': 'me' },
      multiValueHeaders: { 'x-a': ['1'] },
      pathParameters: { id: '7' },
      queryStringParameters: { q: '1', f: true },
      multiValueQueryStringParameters: { q: ['1', '2'], f: [true] },
      body: 'aGV5',
      isBase64Encoded: true,
      requestContext: {
        path: '/u/7',
        protocol: 'HTTP/1.1',
        httpMethod: 'POST',
        domainName: 'a.test',
        domainPrefix: 'a',
        identity: { sourceIp: '10.0.0.9', userAgent: 'me' },
        requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
        requestTime: '14/Nov/2023:22:13:20 +0000',
        requestTimeEpoch: 1_700_000_000_000,
        resourcePath: '/u/7',
      },
    })
  })

  it('is an event with a body as it is', async () => {
    const config = { awsgateway_compatible: true, base64_encode_body: false }
    const rig = await lambda(config)
    await rig.ask('/', text)
    expect(given(rig)).toMatchObject({ resource: '/', body: 'hey', isBase64Encoded: false })
  })
})

describe('what the client is told', () => {
  it('is what the function gave, without what frames it', async () => {
    const rig = await lambda({}, () => said('{"a":[1]}'))
    const answer = await rig.ask('/')
    expect([answer.status, answer.text]).toEqual([200, '{"a":[1]}'])
    expect(answer.headers.get('x-amzn-requestid')).toBe('r')
    expect(answer.headers.get('connection')).toBeNull()
    expect(answer.headers.get('server')).toMatch(/^gibbon/)
  })

  it.each([
    { config: {}, status: 200 },
    { config: { unhandled_status: 412 }, status: 412 },
  ])('of a failed function is $status with $config', async ({ config, status }) => {
    const error = ['X-Amz-Function-Error', 'Unhandled']
    const rig = await lambda(config, () => said('{"errorMessage":"x"}', error))
    expect((await rig.ask('/')).status).toBe(status)
  })

  it.each([
    { mode: 'legacy', text: '{"a":{},"b":[1]}' },
    { mode: 'correct', text: '{"a":[],"b":[1]}' },
  ])('has empty lists as $mode has them', async ({ mode, text }) => {
    const rig = await lambda({ empty_arrays_mode: mode }, () => said('{"a":[],"b":[1]}'))
    expect((await rig.ask('/')).text).toBe(text)
  })

  it('passes as it is where it nests deeper than anyone reads', async () => {
    const text = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    const rig = await lambda({ empty_arrays_mode: 'legacy' }, () => said(text))
    expect((await rig.ask('/')).text).toBe(text)
  })

  it('is what the function says it is', async () => {
    const value = {
      statusCode: '201',
      headers: { 'Content-Type': 'text/plain', 'X-Bad\r\nX-Evil': '1', 'X-Line': 'a\r\nX-Evil: 1' },
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
      body: 'aGV5',
      isBase64Encoded: true,
    }
    const rig = await lambda({ is_proxy_integration: true }, () => said(JSON.stringify(value)))
    const answer = await rig.ask('/')
    expect([answer.status, answer.text]).toEqual([201, 'hey'])
    expect(answer.headers.get('content-type')).toBe('text/plain')
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(answer.headers.has('x-evil')).toBe(false)
  })

  it.each([
    { value: '"{\\"statusCode\\":202,\\"body\\":\\"in a text\\"}"', type: [] },
    { value: '{"statusCode":202,"body":"in a text","multiValueHeaders":null}', type: [] },
    { value: '{"statusCode":202,"body":"in a text"}', type: ['Content-Type', 'text/plain'] },
  ])('is read from $value', async ({ value, type }) => {
    const upstream = () =>
      type.length === 0 ? said(value) : incoming({ body: value, headers: type })
    const rig = await lambda({ is_proxy_integration: true }, upstream)
    const answer = await rig.ask('/')
    expect([answer.status, answer.text]).toEqual([202, 'in a text'])
  })

  it('is no answer of its own where it nests deeper than anyone reads', async () => {
    const value = `{"statusCode":200,"headers":{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`
    const rig = await lambda({ is_proxy_integration: true }, () => said(value))
    expect((await rig.ask('/')).status).toBe(502)
  })

  it.each([
    { value: '"text', error: 'proxy response must be json format' },
    { value: 'null', error: 'proxy response must be json format' },
    { value: '7', error: 'proxy response must be json format' },
    { value: '[]', error: 'statusCode validation failed' },
    { value: '"text"', error: 'Expected value but found invalid token at character 1' },
    { value: '"{}"', error: 'statusCode validation failed' },
    { value: '{"statusCode":200,"headers":null}', error: 'headers must be a table' },
    { value: '{"statusCode":200,"body":null}', error: 'body must be a string' },
    {
      value: '{"statusCode":200,"isBase64Encoded":null}',
      error: 'isBase64Encoded must be a boolean',
    },
    { value: '{}', error: 'statusCode validation failed' },
    { value: '{"statusCode":99}', error: 'statusCode validation failed' },
    { value: '{"statusCode":200,"headers":1}', error: 'headers must be a table' },
    { value: '{"statusCode":200,"body":{}}', error: 'body must be a string' },
    {
      value: '{"statusCode":200,"isBase64Encoded":"x"}',
      error: 'isBase64Encoded must be a boolean',
    },
  ])('is a 502 where the function says $value', async ({ value, error }) => {
    const rig = await lambda({ is_proxy_integration: true }, () => said(value))
    const answer = await rig.ask('/')
    expect([answer.status, answer.json]).toEqual([
      502,
      {
        message: 'Bad Gateway',
        error: `could not JSON decode Lambda function response: ${error}`,
      },
    ])
  })
})
