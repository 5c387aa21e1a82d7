import { describe, expect, it } from 'vitest'
import { openChat, says, sentBody, sentText } from '../../test/ai/chat-rig.ts'
import { type Answering, incoming, valuesOf } from '../../test/proxy/fakes.ts'

const HEADER = { header_name: 'Authorization', header_value: 'Bearer sesame' }
const CHAT = { messages: [{ role: 'user', content: 'Hello there' }] }
const GOOD = {
  id: 'c1',
  object: 'chat.completion',
  model: 'gpt-4o-2024',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 25, completion_tokens: 12, total_tokens: 37 },
}

interface Given {
  readonly route_type?: string
  readonly auth?: object
  readonly model?: object
  readonly [field: string]: unknown
}

function proxy({ model, ...rest }: Given = {}, upstream: Answering = () => says(GOOD)) {
  const config = {
    route_type: 'llm/v1/chat',
    auth: HEADER,
    model: { provider: 'openai', name: 'gpt-4o', ...model },
    ...rest,
  }
  return openChat([{ name: 'ai-proxy', config }], upstream)
}

describe('a question', () => {
  it('goes to the provider with the key and the model', async () => {
    const rig = await proxy()
    const answer = await rig.send({ ...CHAT, user: 'u' }, { path: '/any/where?a=b' })
    const [sent] = rig.transport.sent
    expect(sent).toMatchObject({
      scheme: 'https',
      host: 'api.openai.com',
      port: 443,
      method: 'POST',
      target: '/v1/chat/completions?a=b',
      tls: { verify: true },
    })
    const headers = sent?.headers ?? []
    expect(valuesOf(headers, 'host')).toEqual(['api.openai.com'])
    expect(valuesOf(headers, 'authorization')).toEqual(['Bearer sesame'])
    expect(valuesOf(headers, 'accept-encoding')).toEqual(['identity'])
    expect(valuesOf(headers, 'content-type')).toEqual(['application/json'])
    expect(sentBody(rig)).toEqual({ ...CHAT, user: 'u', model: 'gpt-4o', stream: false })
    expect(answer.status).toBe(200)
    expect(answer.text).toBe(JSON.stringify(GOOD))
    expect(answer.headers.get('x-kong-llm-model')).toBe('openai/gpt-4o')
  })

  it('asks what the operator chose, before what the client did', async () => {
    const options = { temperature: 0.5, max_tokens: 9, top_p: 0.1, top_k: 3 }
    const rig = await proxy({ model: { options } })
    await rig.send({ ...CHAT, temperature: 1, max_tokens: 1000, n: 1 })
    expect(sentBody(rig)).toMatchObject({ temperature: 0.5, max_tokens: 9, top_p: 0.1, n: 1 })
    // OpenAI has none.
    expect(sentBody(rig)).not.toHaveProperty('top_k')
  })

  it.each([
    ['its own', { name: 'gpt-4o' }, 'gpt-4o'],
    ["the client's", { name: null }, 'gpt-mini'],
  ])('names %s model', async (_, model, name) => {
    const rig = await proxy({ model })
    const answer = await rig.send({ ...CHAT, ...(name === 'gpt-mini' ? { model: name } : {}) })
    expect(sentBody(rig)).toMatchObject({ model: name })
    expect(answer.headers.get('x-kong-llm-model')).toBe(`openai/${name}`)
  })

  it.each([
    ['http://llm.test:8080/a/b?c=d', 'http', 'llm.test', 8080, '/a/b', 'llm.test:8080'],
    ['https://llm.test', 'https', 'llm.test', 443, '/', 'llm.test'],
    ['http://[::1]/a', 'http', '0000:0000:0000:0000:0000:0000:0000:0001', 80, '/a', '[::1]'],
  ])('goes to %s', async (upstream_url, scheme, host, port, target, authority) => {
    const rig = await proxy({ model: { options: { upstream_url } } })
    await rig.send(CHAT)
    expect(rig.transport.sent[0]).toMatchObject({ scheme, host, port, target })
    expect(valuesOf(rig.transport.sent[0]?.headers ?? [], 'host')).toEqual([authority])
  })

  it('goes to another path', async () => {
    const rig = await proxy({ model: { options: { upstream_path: 'x/y' } } })
    await rig.send(CHAT)
    expect(rig.transport.sent[0]).toMatchObject({ host: 'api.openai.com', target: '/x/y' })
  })

  it('says what the request says', async () => {
    const options = { upstream_path: '$(query_params.p)' }
    const rig = await proxy({ model: { name: '$(headers.x-model)', options } })
    await rig.send(CHAT, { path: '/?p=v2/x%3Fy', headers: { 'x-model': 'gpt-5' } })
    expect(rig.transport.sent[0]?.target).toBe('/v2/x%3Fy?p=v2/x%3Fy')
    expect(sentBody(rig)).toMatchObject({ model: 'gpt-5' })
  })

  it('says it amid a text, and within what is nested', async () => {
    const vertex = {
      api_endpoint: 'x.test',
      project_id: 'p-$(headers.p)',
      location_id: '$(headers.p)',
    }
    const model = {
      provider: 'gemini',
      name: 'gemini-$(headers.v)-pro',
      options: { gemini: vertex },
    }
    const rig = await proxy({ model })
    await rig.send(CHAT, { headers: { p: 'a/../b', v: '1.5' } })
    expect(rig.transport.sent[0]?.target).toBe(
      '/v1/projects/p-a%2F..%2Fb/locations/a%2F..%2Fb/publishers/google/models/gemini-1.5-pro:generateContent',
    )
  })

  it.each([
    ['a/../b?c', '/x/a%2F..%2Fb%3Fc/y', 200],
    ['..', undefined, 400],
  ])('keeps the path around what a client says: %s', async (p, target, status) => {
    const options = { upstream_path: '/x/$(headers.p)/y' }
    const rig = await proxy({ model: { options } })
    expect((await rig.send(CHAT, { headers: { p } })).status).toBe(status)
    expect(rig.transport.sent[0]?.target).toBe(target)
  })

  it('never goes where a client says by what is part of a host', async () => {
    const options = { azure_instance: '$(headers.x)', azure_deployment_id: 'd' }
    const rig = await proxy({ model: { provider: 'azure', options } })
    expect((await rig.send(CHAT, { headers: { x: 'evil.test/' } })).status).toBe(500)
    expect(rig.transport.sent).toEqual([])
  })
})

describe('the key', () => {
  const PARAM = { param_name: 'api key', param_value: 'se&same' }
  it.each([
    ['the header', { ...HEADER }, 'Bearer sesame'],
    ['the header that may stay', { ...HEADER, allow_override: true }, 'Bearer mine'],
  ])('of the client gives way to %s', async (_, auth, value) => {
    const rig = await proxy({ auth })
    await rig.send(CHAT, { headers: { authorization: 'Bearer mine' } })
    expect(valuesOf(rig.transport.sent[0]?.headers ?? [], 'authorization')).toEqual([value])
  })

  it.each([
    ['', false, 'api%20key=se%26same'],
    ['?api+key=x&y=z', false, 'y=z&api%20key=se%26same'],
    ['?api+key=x', true, 'api+key=x'],
  ])('is an argument: %s, %s', async (query, allow_override, sent) => {
    const auth = { ...PARAM, param_location: 'query', allow_override }
    const rig = await proxy({ auth })
    await rig.send(CHAT, { path: `/${query}` })
    expect(rig.transport.sent[0]?.target).toBe(`/v1/chat/completions?${sent}`)
  })

  it.each([
    [{}, false, 'se&same'],
    [{ 'api key': 'x' }, false, 'se&same'],
    [{ 'api key': 'x' }, true, 'x'],
  ])('is in the body: %j, %s', async (more, allow_override, value) => {
    const rig = await proxy({ auth: { ...PARAM, param_location: 'body', allow_override } })
    await rig.send({ ...CHAT, ...more })
    expect(sentBody(rig)).toMatchObject({ 'api key': value })
  })
})

const NO_JSON = 'content-type header does not match request body, or bad JSON formatting'

describe('a refusal', () => {
  it.each([
    ['no JSON', {}, 'hello', {}, NO_JSON],
    ['another type', {}, CHAT, { 'content-type': 'text/plain' }, NO_JSON],
    ['a body that is too long', { max_request_body_size: 20 }, CHAT, {}, NO_JSON],
    ['nothing asked', {}, { messages: [] }, {}, "request body doesn't contain valid prompts"],
    ['another model', {}, { ...CHAT, model: 'x' }, {}, 'cannot use own model - must be: gpt-4o'],
    [
      'no model',
      { model: { name: null } },
      CHAT,
      {},
      'model parameter not found in request, nor in gateway configuration',
    ],
    [
      'a completion for a chat',
      {},
      { prompt: 'x' },
      {},
      '[llm/v1/completions] message format is not compatible with [llm/v1/chat] route type',
    ],
    [
      'a chat for a completion',
      { route_type: 'llm/v1/completions' },
      CHAT,
      {},
      '[llm/v1/chat] message format is not compatible with [llm/v1/completions] route type',
    ],
    ['both', {}, { ...CHAT, prompt: 'x' }, {}, 'request matches multiple LLM request formats'],
    [
      'a stream',
      { response_streaming: 'deny' },
      { ...CHAT, stream: true },
      {},
      'response streaming is not enabled for this LLM',
    ],
    [
      'a name that is not said',
      { model: { name: '$(headers.x-model)' } },
      CHAT,
      {},
      'headers key x-model was not provided',
    ],
    [
      'an option that is not said',
      { model: { options: { upstream_path: '$(query_params.p)' } } },
      CHAT,
      {},
      'query_params key p was not provided',
    ],
    [
      'an expression of one part',
      { model: { name: '$(headers)' } },
      CHAT,
      {},
      "cannot parse expression for field '$(headers)'",
    ],
    ['another source', { model: { name: '$(x.y)' } }, CHAT, {}, "source 'x' is not supported"],
  ])('of %s', async (_, config: Given, body, headers, message) => {
    const rig = await proxy(config)
    const answer = await rig.send(body, { headers })
    expect([answer.status, answer.json]).toEqual([400, { error: { message } }])
    expect(rig.transport.sent).toEqual([])
  })

  it.each([
    ['the dialect of another provider', { llm_format: 'gemini' }],
    ['no account', { auth: { gcp_use_service_account: true }, model: { provider: 'gemini' } }],
  ])('when configured with %s', async (_, config) => {
    await expect(proxy(config)).rejects.toThrow()
  })
})

describe('an answer', () => {
  it.each([
    ['no choices', '{"a":1}', "'choices' not in llm/v1/chat response"],
    ['no JSON', 'hello', 'failed to decode llm/v1/chat response'],
  ])('of %s is 500', async (_, body, why) => {
    const rig = await proxy({}, () => says(body))
    const answer = await rig.send(CHAT)
    const message = `transformation failed from type openai://llm/v1/chat: ${why}`
    expect([answer.status, answer.json]).toEqual([500, { error: { message } }])
    expect(answer.headers.get('content-type')).toBe('application/json')
  })

  it.each([401, 429, 500])('of status %i passes as it is', async (status) => {
    const rig = await proxy({}, () => says('{"error":"x"}', ['Set-Cookie', 'a=b'], status))
    const answer = await rig.send(CHAT)
    expect([answer.status, answer.text]).toEqual([status, '{"error":"x"}'])
    expect(answer.headers.get('x-kong-llm-model')).toBeNull()
    expect(answer.headers.get('set-cookie')).toBeNull()
  })

  it('names its model to who debugs', async () => {
    const rig = await proxy({ model_name_header: false }, () => says(GOOD))
    const { headers } = await rig.send(CHAT, { headers: { 'Kong-Debug': '1' } })
    expect(headers.get('x-kong-llm-model')).toBe('openai/gpt-4o')
  })

  it('sets no cookies, and needs not name its model', async () => {
    const rig = await proxy({ model_name_header: false }, () => says(GOOD, ['Set-Cookie', 'a=b']))
    const { headers } = await rig.send(CHAT)
    expect([headers.get('set-cookie'), headers.get('x-kong-llm-model')]).toEqual([null, null])
  })

  it('is unpacked when it comes packed all the same', async () => {
    const rig = await proxy({}, () => packed(JSON.stringify(GOOD)))
    const answer = await rig.send(CHAT)
    expect(answer.json).toEqual(GOOD)
    expect(answer.headers.get('content-encoding')).toBeNull()
  })

  it('that is no gzip though it says so is 500', async () => {
    const rig = await proxy({}, () => says(GOOD, ['Content-Encoding', 'gzip']))
    expect((await rig.send(CHAT)).status).toBe(500)
  })
})

function packed(text: string) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  return incoming({ body: stream, headers: ['Content-Encoding', 'gzip'] })
}

describe('route_type preserve', () => {
  const route_type = 'preserve'
  it('passes the request and the answer as they are', async () => {
    const rig = await proxy({ route_type }, () => says('{ "any": 1 }'))
    const answer = await rig.send('{ "input": "x" }', { path: '/v1/embeddings?a=b' })
    expect(rig.transport.sent[0]).toMatchObject({
      host: 'api.openai.com',
      target: '/v1/embeddings?a=b',
    })
    expect(sentText(rig.transport.sent[0])).toBe('{ "input": "x" }')
    expect([answer.status, answer.text]).toEqual([200, '{ "any": 1 }'])
    expect(answer.headers.get('x-kong-llm-model')).toBe('openai/gpt-4o')
  })

  it.each([
    ['openai', { upstream_path: '/x' }, '/x'],
    ['openai', { upstream_path: '/x', upstream_url: 'http://y.test/z' }, '/z'],
    ['openai', { upstream_url: 'http://y.test/z' }, '/came'],
    ['gemini', { upstream_path: '/x', upstream_url: 'http://y.test/z' }, '/x'],
    [
      'azure',
      { upstream_path: '/x', azure_instance: 'i', azure_deployment_id: 'd' },
      '/openai/deployments/d/x?api-version=2023-05-15',
    ],
  ])('has the path that is configured: %s %j', async (provider, options, target) => {
    const rig = await proxy({ route_type, model: { provider, options } })
    await rig.send(CHAT, { path: '/came' })
    expect(rig.transport.sent[0]).toMatchObject({ target })
  })
})
