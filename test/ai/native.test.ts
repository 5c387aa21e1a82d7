import { describe, expect, it } from 'vitest'
import { incoming, valuesOf } from '../proxy/fakes.ts'
import { aiLogs, cut, openChat, says, sentText } from './chat-rig.ts'
import { eventFrame, joinedBytes } from './event-frame.ts'
import { provided } from './provider-configs.ts'

const LOGGING = { log_statistics: true, log_payloads: true }

function native(
  format: string,
  given: object = {},
  upstream?: Parameters<typeof openChat>[1],
  others: readonly object[] = [],
) {
  const { model, ...rest } = provided(format)
  const open = { provider: format, options: format === 'bedrock' ? AWS : {} }
  const config = { ...rest, llm_format: format, model: open, logging: LOGGING, ...given }
  const plugins = [...others, { name: 'ai-proxy', config }]
  const routes = [
    { name: 'ai', paths: ['/ai', '~/named/(?<model>[^/]+)/(?<operation>\\w+)$'], plugins },
  ]
  const log = { name: 'file-log', config: { path: '/log' } }
  return openChat([], upstream, {
    services: [{ name: 'ai', url: 'http://ai.test', routes }],
    plugins: [log],
  })
}

const AWS = { bedrock: { aws_region: 'eu-west-1' } }
const GEMINI = '{"contents": [{"role": "user", "parts": [{"text": "Hi"}]}], "x": 1.0}'
const BEDROCK = '{"messages": [{"role": "user", "content": [{"text": "Hi"}]}], "x": 1.0}'
const GENERATED = {
  candidates: [{ content: { parts: [{ text: 'Hello' }] } }],
  usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 5 },
  modelVersion: 'gemini-1.5-002',
}
const CONVERSED = {
  output: { message: { content: [{ text: 'Hello' }] } },
  usage: { inputTokens: 3, outputTokens: 5, totalTokens: 8 },
}

it('goes up as the plugins before decorated it', async () => {
  const prompts = { prepend: [{ role: 'system', content: 'Be kind.' }] }
  const decorator = { name: 'ai-prompt-decorator', config: { prompts, llm_format: 'gemini' } }
  const rig = await native('gemini', {}, () => says(GENERATED), [decorator])
  const { status } = await rig.send(GEMINI, { path: '/ai/v1beta/models/g:generateContent' })
  expect([status, JSON.parse(sentText(rig.transport.sent[0]))]).toEqual([
    200,
    {
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
      x: 1,
      system_instruction: { parts: [{ text: 'Be kind.' }] },
    },
  ])
})

describe('a question in the words of its provider', () => {
  it.each([
    {
      format: 'gemini',
      path: '/ai/v1beta/models/gemini-1.5-pro:generateContent?alt=sse',
      body: GEMINI,
      target: '/v1beta/models/gemini-1.5-pro:generateContent?alt=sse',
    },
    {
      format: 'gemini',
      path: '/named/gemini-1.5-pro/streamGenerateContent',
      body: '{"contents": {"parts": {"text": "Hi"}}}',
      target: '/v1beta/models/gemini-1.5-pro:streamGenerateContent',
    },
    {
      format: 'bedrock',
      path: '/ai/model/cohere.command-r-v1%3A0/converse',
      body: BEDROCK,
      target: '/model/cohere.command-r-v1%3A0/converse',
    },
    {
      format: 'bedrock',
      path: '/ai/model/arn%3Aaws%3Abedrock%3Ainference-profile%2Fx/converse',
      body: BEDROCK,
      target: '/model/arn%3Aaws%3Abedrock%3Ainference-profile%2Fx/converse',
    },
    {
      format: 'bedrock',
      path: '/ai/model/cohere.command-r-v1%3A0/converse-stream',
      body: BEDROCK,
      target: '/model/cohere.command-r-v1%3A0/converse-stream',
    },
  ])('goes to it as it came: $path', async ({ format, path, body, target }) => {
    const rig = await native(format, {}, () => says(GENERATED))
    const headers = { 'x-amz-security-token': 'mine' }
    const { status } = await rig.send(body, { path, headers })
    const [sent] = rig.transport.sent
    expect([status, sent?.target, sentText(sent)]).toEqual([200, target, body])
    const token = format === 'bedrock' ? [] : ['mine']
    expect(valuesOf(sent?.headers ?? [], 'x-amz-security-token')).toEqual(token)
  })

  const named = { model: { provider: 'gemini', name: 'gemini-1.5-pro' } }

  it.each([
    [
      'another model',
      '/ai/models/other:generateContent',
      named,
      GEMINI,
      'cannot use own model - must be: gemini-1.5-pro',
    ],
    [
      'no model',
      '/ai',
      {},
      GEMINI,
      'model parameter not found in request, nor in gateway configuration',
    ],
    [
      'nothing asked',
      '/ai/models/m:generateContent',
      {},
      '{"contents": []}',
      "request body doesn't contain valid prompts",
    ],
    [
      "OpenAI's words",
      '/ai/models/m:generateContent',
      {},
      '{"messages": [{}]}',
      "request body doesn't contain valid prompts",
    ],
    [
      'a stream',
      '/ai/models/m:streamGenerateContent',
      { response_streaming: 'deny' },
      GEMINI,
      'response streaming is not enabled for this LLM',
    ],
  ])('is refused: %s', async (_, path, given, body, message) => {
    const rig = await native('gemini', given)
    const { status, json } = await rig.send(body, { path })
    expect([status, json]).toEqual([400, { error: { message } }])
    expect(rig.transport.sent).toEqual([])
  })

  it('may leave the model to the configuration', async () => {
    const rig = await native('gemini', named, () => says(GENERATED))
    expect((await rig.send(GEMINI, { path: '/ai' })).status).toBe(200)
    expect(rig.transport.sent[0]?.target).toBe('/v1beta/models/gemini-1.5-pro:generateContent')
  })
})

describe('its answer', () => {
  it.each([
    ['gemini', '/ai/models/m:generateContent', GEMINI, GENERATED, 'gemini-1.5-002'],
    ['bedrock', '/ai/model/m/converse', BEDROCK, CONVERSED, 'm'],
  ])('passes as it is, and is counted: %s', async (format, path, body, answer, model) => {
    const rig = await native(format, {}, () => says(answer))
    const { text, headers } = await rig.send(body, { path })
    expect(text).toBe(JSON.stringify(answer))
    expect(headers.get('x-kong-llm-model')).toBe(`${format}/m`)
    await rig.close()
    expect(aiLogs(rig)).toMatchObject([
      {
        proxy: {
          meta: { request_model: 'm', response_model: model },
          usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
          payload: { response: text },
        },
      },
    ])
  })

  it('passes as it is, and is counted, in a stream', async () => {
    const type = 'application/vnd.amazon.eventstream'
    const stream = joinedBytes([
      eventFrame('messageStart', { role: 'assistant' }),
      eventFrame('contentBlockDelta', { delta: { text: 'Hello' } }),
      eventFrame('metadata', { usage: { inputTokens: 3, outputTokens: 5 } }),
    ])
    const headers = ['Content-Type', type]
    const rig = await native('bedrock', {}, () => incoming({ headers, body: cut(stream, 7) }))
    const answer = await rig.send(BEDROCK, { path: '/ai/model/m/converse-stream' })
    expect(answer.headers.get('content-type')).toBe(type)
    expect(answer.text).toBe(new TextDecoder().decode(stream))
    await rig.close()
    expect(aiLogs(rig)).toMatchObject([
      {
        proxy: {
          usage: { prompt_tokens: 3, completion_tokens: 5 },
          payload: { response: expect.stringContaining('"content":"Hello"') },
        },
      },
    ])
  })

  it('passes where nobody can read it', async () => {
    const type = 'application/vnd.amazon.eventstream'
    const body = cut(new Uint8Array(64).fill(255), 9)
    const rig = await native('bedrock', {}, () =>
      incoming({ headers: ['Content-Type', type], body }),
    )
    const answer = await rig.send(BEDROCK, { path: '/ai/model/m/converse-stream' })
    expect(answer.text).toBe('\uFFFD'.repeat(64))
  })
})
