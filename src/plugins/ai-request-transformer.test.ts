import { describe, expect, it } from 'vitest'
import { aiLogs, openChat, says, sentBody, sentText } from '../../test/ai/chat-rig.ts'
import { provided } from '../../test/ai/provider-configs.ts'
import { type Answering, failure, incoming, valuesOf } from '../../test/proxy/fakes.ts'

const said = (content: unknown) => says({ model: 'm2', choices: [{ message: { content } }] })

function transforming(
  config: object = {},
  model: Answering = () => said('<made/>'),
  llm: object = {},
) {
  const whole = { prompt: 'Make XML', llm: { ...provided('azure'), ...llm }, ...config }
  return openChat([{ name: 'ai-request-transformer', config: whole }], (sent, count) =>
    sent.host === 'echo.test' ? incoming() : model(sent, count),
  )
}

describe('a request', () => {
  it('goes on as the model made it', async () => {
    const rig = await transforming({ http_timeout: 7 })
    expect((await rig.send('{"a":1}', { path: '/x' })).status).toBe(200)
    const [asked, sent] = rig.transport.sent
    expect(asked).toMatchObject({
      method: 'POST',
      scheme: 'https',
      host: 'inst.openai.azure.com',
      target: '/openai/deployments/dep/chat/completions?api-version=2023-05-15',
      connectTimeout: 7,
      readTimeout: 7,
      tls: { verify: true },
    })
    expect(valuesOf(asked?.headers ?? [], 'x-key')).toEqual(['sesame'])
    expect(sentBody(rig, 0)).toEqual({
      messages: [
        { role: 'system', content: 'Make XML' },
        { role: 'user', content: '{"a":1}' },
      ],
      model: 'm',
      stream: false,
    })
    expect(sent).toMatchObject({ host: 'echo.test', target: '/x' })
    expect(sentText(sent)).toBe('<made/>')
    expect(valuesOf(sent?.headers ?? [], 'content-length')).toEqual(['7'])
  })

  it('is asked of a server that need not prove who it is', async () => {
    const rig = await transforming({ https_verify: false })
    await rig.send('x')
    expect(rig.transport.sent[0]?.tls).toMatchObject({ verify: false })
  })

  it.each([
    ['<a>.*</a>', 'Here: <A>1</A> Bye', '<A>1</A>'],
    ['^<.*>$', 'Here:\n<b/>\nBye', '<b/>'],
    ['\\{((.|\\n)*)\\}', '```{"a":\n1}```', '{"a":\n1}'],
  ])('is what %s finds', async (transformation_extract_pattern, content, made) => {
    const rig = await transforming({ transformation_extract_pattern }, () => said(content))
    await rig.send('x')
    expect(sentText(rig.transport.sent[1])).toBe(made)
  })

  it('goes on to the AI plugins behind', async () => {
    const config = { prompt: 'p', llm: provided('azure') }
    const prompts = { append: [{ role: 'user', content: 'b' }] }
    const rig = await openChat(
      [
        { name: 'ai-request-transformer', config },
        { name: 'ai-prompt-decorator', config: { prompts } },
      ],
      (sent) => (sent.host === 'echo.test' ? incoming() : said('{"messages":[1]}')),
    )
    await rig.send('x')
    expect(sentBody(rig)).toEqual({ messages: [1, { role: 'user', content: 'b' }] })
  })

  it.each([
    {
      usage: { prompt_tokens: 25, completion_tokens: 10, total_tokens: 36 },
      told: {
        time_per_token: 13,
        prompt_tokens: 25,
        completion_tokens: 10,
        total_tokens: 36,
        cost: (25 * 10 + 10 * 20) / 1_000_000,
      },
    },
    { usage: { prompt_tokens: 25 }, told: { prompt_tokens: 25 } },
    { usage: undefined, told: {} },
  ])('is written of in the log: $usage', async ({ usage, told }) => {
    let answer = () => {}
    const rig = await transforming(
      {},
      () => {
        answer()
        return says({ model: 'm2', choices: [{ message: { content: '<made/>' } }], usage })
      },
      {
        model: { provider: 'openai', name: 'm', options: { input_cost: 10, output_cost: 20 } },
        logging: { log_statistics: true },
      },
    )
    answer = () => {
      rig.runtime.time += 130
    }
    await rig.send('x')
    await rig.close()
    const meta = {
      plugin_id: expect.any(String),
      provider_name: 'openai',
      request_model: 'm',
      response_model: 'm2',
      llm_latency: 130,
    }
    expect(aiLogs(rig)).toEqual([{ 'ai-request-transformer': { meta, usage: told, cache: {} } }])
  })

  it('tells no cost where there are no prices', async () => {
    const usage = { prompt_tokens: 2, completion_tokens: 0, total_tokens: 2 }
    const answer = () => says({ choices: [{ message: { content: 'x' } }], usage })
    const rig = await transforming({}, answer, { logging: { log_statistics: true } })
    await rig.send('x')
    await rig.close()
    expect(aiLogs(rig)).toMatchObject([{ 'ai-request-transformer': { cache: {} } }])
    const [{ 'ai-request-transformer': told }] = aiLogs(rig) as [Record<string, object>]
    expect(told).toHaveProperty('usage', { ...usage, time_per_token: 0 })
  })

  it('is asked of a model that has no system as what its user says', async () => {
    const answer = {
      output: { message: { content: [{ text: '<made/>' }] } },
      stopReason: 'end_turn',
    }
    const rig = await transforming({}, () => says(answer), provided('bedrock titan'))
    expect((await rig.send('{"a":1}')).status).toBe(200)
    const said = (role: string, text: unknown) => ({ role, content: [{ text }] })
    expect(sentBody(rig, 0)).toMatchObject({
      messages: [
        said('user', 'Make XML'),
        said('assistant', expect.any(String)),
        said('user', '{"a":1}'),
      ],
    })
    expect(sentBody(rig, 0)).not.toHaveProperty('system')
  })
})

const ASKING = 'failed to introspect request with AI service: '

it.each([
  ['a refusal', {}, () => says('{}', [], 401), `${ASKING}status code 401`],
  [
    "a refusal of Hugging Face's",
    { llm: provided('huggingface') },
    () => says('{}', [], 503),
    `${ASKING}Hugging Face API returned status 503`,
  ],
  [
    'no answer',
    {},
    () => failure(),
    `${ASKING}request to ai service failed: cannot reach inst.openai.azure.com: ECONNREFUSED`,
  ],
  [
    'another answer',
    {},
    () => says('{}'),
    "failed to convert AI response to Kong format: transformation failed from type azure://llm/v1/chat: 'choices' not in llm/v1/chat response",
  ],
  [
    'nothing said',
    {},
    () => says({ choices: [] }),
    'no response choices received from upstream AI service',
  ],
  [
    'something else said',
    { transformation_extract_pattern: '<.*>' },
    () => said('hello'),
    'AI response did not match specified regular expression',
  ],
])('ends the request on %s', async (_, config, model: Answering, message) => {
  const rig = await transforming(config, model)
  const { status, json } = await rig.send('x')
  expect([status, json]).toEqual([400, { error: { message } }])
  expect(rig.transport.sent.some(({ host }) => host === 'echo.test')).toBe(false)
})

it.each([
  ['https://model.test/x?key=1&api-version=2', '/x?key=1&api-version=2'],
  ['https://model.test/x', '/x'],
])('asks at %s as it is written', async (upstream_url, target) => {
  const options = { azure_instance: 'i', azure_deployment_id: 'd', upstream_url }
  const model = { provider: 'azure', name: 'm', options }
  const rig = await transforming({}, undefined, { model })
  expect((await rig.send('x')).status).toBe(200)
  expect(rig.transport.sent[0]).toMatchObject({ host: 'model.test', target })
})

it('refuses a body that is too long', async () => {
  const rig = await transforming({ max_request_body_size: 3 })
  const message = 'request body is longer than max_request_body_size'
  expect((await rig.send('long')).json).toEqual({ error: { message } })
  expect(rig.transport.sent).toEqual([])
})

const PROXIES = {
  ...{ http_proxy_host: 'p.test', http_proxy_port: 8080 },
  ...{ https_proxy_host: 's.test', https_proxy_port: 8443 },
}
const { http_proxy_host, http_proxy_port, https_proxy_host, https_proxy_port } = PROXIES

it.each([
  { scheme: 'https', config: PROXIES, proxy: { host: 's.test', port: 8443 } },
  { scheme: 'http', config: PROXIES, proxy: { host: 'p.test', port: 8080 } },
  { scheme: 'https', config: { http_proxy_host, http_proxy_port }, proxy: undefined },
  { scheme: 'http', config: { https_proxy_host, https_proxy_port }, proxy: undefined },
])('asks by $scheme with $config by $proxy', async ({ scheme, config, proxy }) => {
  const options = { upstream_url: `${scheme}://model.test/x` }
  const model = { provider: 'openai', name: 'm', options }
  const rig = await transforming(config, undefined, { model })
  expect((await rig.send('x')).status).toBe(200)
  const [asked, sent] = rig.transport.sent
  expect(asked).toMatchObject({ scheme, host: 'model.test' })
  expect([asked?.proxy, sent?.proxy]).toEqual([proxy, undefined])
})

it('says that it went by a proxy, and not by which', async () => {
  const config = { https_proxy_host, https_proxy_port }
  const rig = await transforming(config, () => failure({ code: 'PROXY_ANSWERED_407' }))
  const { status, text } = await rig.send('x')
  expect(status).toBe(400)
  expect(text).toContain('cannot reach inst.openai.azure.com by its proxy: PROXY_ANSWERED_407')
  expect(text).not.toContain('s.test')
})

it.each([
  [{ http_proxy_host: 'p.test' }],
  [{ https_proxy_port: 1 }],
  [{ transformation_extract_pattern: '(' }],
])('cannot be configured with %j', async (config) => {
  await expect(transforming(config)).rejects.toThrow()
})

it('that Gemini does not hold safe ends the request', async () => {
  const candidates = [{ content: { parts: [{ text: 'x' }] }, finishReason: 'SAFETY' }]
  const rig = await transforming({}, () => says({ candidates }), provided('gemini'))
  const answered = await rig.send('x')
  const why = 'transformation generation candidate breached Gemini content safety'
  const message = `failed to convert AI response to Kong format: transformation failed from type gemini://llm/v1/chat: ${why}`
  expect([answered.status, answered.json]).toEqual([400, { error: { message } }])
})
