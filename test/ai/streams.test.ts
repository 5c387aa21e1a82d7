import { describe, expect, it } from 'vitest'
import { incoming } from '../proxy/fakes.ts'
import { aiLogs, cut, openChat, sentBody } from './chat-rig.ts'
import { eventFrame, joinedBytes } from './event-frame.ts'
import { provided } from './provider-configs.ts'

const encoder = new TextEncoder()
const CHAT = { messages: [{ role: 'user', content: 'Hello' }], stream: true }
const AWS = 'application/vnd.amazon.eventstream'

const sse = (...events: readonly unknown[]) =>
  events
    .map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`)
    .join('')

const named = (event: string, data: unknown) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`

const chunk = (model: string, delta: object, more: object = {}, rest: object = {}) => ({
  choices: [{ delta, index: 0, ...more }],
  ...rest,
  model,
  object: 'chat.completion.chunk',
})

const callBegun = (index: number, id: string, name: string) => ({
  content: null,
  role: 'assistant',
  tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }],
})

const callGoesOn = (index: number, written: string) => ({
  tool_calls: [{ index, function: { arguments: written } }],
})

const NULLS = { finish_reason: null, logprobs: null }
const GEMINI = (text: string, more: object = {}) => ({
  candidates: [{ content: { parts: [{ text }] }, ...more }],
  usageMetadata: { promptTokenCount: 3, candidatesTokenCount: text.length },
})
const gemini = (content: string, more: object = {}) => ({
  model: 'gemini-1.5/x',
  choices: [{ delta: { role: 'assistant', content }, index: 0, ...more }],
})

const STREAMS = [
  {
    name: 'azure',
    body: sse(chunk('m', { content: 'Hi' }), chunk('m', { content: ' you' }), '[DONE]'),
    events: [chunk('m', { content: 'Hi' }), chunk('m', { content: ' you' })],
    usage: [2, 2],
  },
  {
    name: 'llama2 openai',
    body: sse(chunk('m', { content: 'Hi' }), {
      choices: [],
      usage: { prompt_tokens: 5, completion_tokens: 6 },
    }),
    events: [
      chunk('m', { content: 'Hi' }),
      { choices: [], usage: { prompt_tokens: 5, completion_tokens: 6 } },
    ],
    usage: [5, 6],
  },
  {
    name: 'anthropic',
    body: [
      named('message_start', {
        message: { id: 'a1', role: 'assistant', usage: { input_tokens: 3, output_tokens: 1 } },
      }),
      named('content_block_start', { content_block: { type: 'text', text: '' } }),
      named('ping', {}),
      named('content_block_delta', { delta: { type: 'text_delta', text: 'Grüß' } }),
      named('content_block_stop', {}),
      named('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } }),
      named('message_stop', {}),
    ].join(''),
    events: [
      chunk(
        'm',
        { content: '', role: 'assistant' },
        { logprobs: null },
        {
          id: 'a1',
          system_fingerprint: null,
        },
      ),
      chunk('m', { content: '' }, NULLS, { id: 'a1' }),
      chunk('m', { content: 'Grüß' }, NULLS, { id: 'a1' }),
    ],
    usage: [3, 9],
  },
  {
    name: 'anthropic',
    body: [
      named('message_start', { message: { id: 'a1', role: 'assistant' } }),
      named('content_block_start', { content_block: { type: 'tool_use', id: 't1', name: 'add' } }),
      named('content_block_delta', { delta: { type: 'input_json_delta', partial_json: '{"a":' } }),
      named('content_block_delta', { delta: { type: 'input_json_delta', partial_json: '2}' } }),
      named('content_block_start', { content_block: { type: 'tool_use', id: 't2', name: 'sub' } }),
      named('content_block_delta', { delta: { type: 'input_json_delta', partial_json: '{}' } }),
      named('message_delta', { usage: { output_tokens: 9 } }),
      named('message_stop', {}),
    ].join(''),
    events: [
      chunk(
        'm',
        { content: '', role: 'assistant' },
        { logprobs: null },
        { id: 'a1', system_fingerprint: null },
      ),
      chunk('m', callBegun(0, 't1', 'add'), NULLS, { id: 'a1' }),
      chunk('m', callGoesOn(0, '{"a":'), NULLS, { id: 'a1' }),
      chunk('m', callGoesOn(0, '2}'), NULLS, { id: 'a1' }),
      chunk('m', callBegun(1, 't2', 'sub'), NULLS, { id: 'a1' }),
      chunk('m', callGoesOn(1, '{}'), NULLS, { id: 'a1' }),
    ],
    usage: [0, 9],
  },
  {
    name: 'cohere',
    body: [
      { event_type: 'stream-start', generation_id: 'g1' },
      { event_type: 'text-generation', text: 'Hi' },
      { event_type: 'other' },
      {
        event_type: 'stream-end',
        response: { meta: { billed_units: { input_tokens: 3, output_tokens: 4 } } },
      },
    ]
      .map((event) => `${JSON.stringify(event)}\n`)
      .join(''),
    events: [
      chunk('m', { content: '', role: 'assistant' }, {}, { id: 'g1' }),
      chunk('m', { content: 'Hi' }, NULLS, { id: 'g1' }),
    ],
    usage: [3, 4],
  },
  {
    name: 'mistral ollama',
    body: [
      { model: 'm', message: { content: 'Hi' }, done: false },
      { model: 'm', message: { content: '' }, done: true, prompt_eval_count: 3, eval_count: 4 },
    ]
      .map((event) => `${JSON.stringify(event)}\n`)
      .join(''),
    events: [chunk('m', { content: 'Hi' })],
    usage: [3, 4],
  },
  {
    name: 'gemini',
    body: `[${JSON.stringify(GEMINI('Hi'))}\n,\r\n${JSON.stringify(GEMINI(' there', { finishReason: 'STOP' }))}\n]`,
    events: [gemini('Hi'), gemini(' there', { finish_reason: 'STOP' })],
    usage: [3, 6],
  },
  {
    name: 'gemini vertex',
    body: sse(GEMINI('Hi')),
    events: [{ ...gemini('Hi'), model: 'gemini-1.5' }],
    usage: [3, 2],
  },
  {
    name: 'bedrock',
    type: AWS,
    body: joinedBytes([
      eventFrame('messageStart', { role: 'assistant' }),
      eventFrame('contentBlockDelta', { delta: { text: 'Hi' } }),
      eventFrame('contentBlockStop', {}),
      eventFrame('messageStop', { stopReason: 'end_turn' }),
      eventFrame('metadata', { usage: { inputTokens: 3, outputTokens: 4 } }),
    ]),
    events: [
      chunk(
        'meta.llama3:0',
        { content: '', role: 'assistant' },
        { logprobs: null },
        {
          system_fingerprint: null,
        },
      ),
      chunk('meta.llama3:0', { content: 'Hi' }, NULLS),
      chunk('meta.llama3:0', {}, { finish_reason: 'end_turn', logprobs: null }),
    ],
    usage: [3, 4],
  },
  {
    name: 'bedrock',
    type: AWS,
    body: joinedBytes([
      eventFrame('contentBlockStart', { start: { toolUse: { toolUseId: 't1', name: 'add' } } }),
      eventFrame('contentBlockDelta', { delta: { toolUse: { input: '{"a":' } } }),
      eventFrame('contentBlockDelta', { delta: { toolUse: { input: '2}' } } }),
      eventFrame('contentBlockStart', { start: { toolUse: { toolUseId: 't2', name: 'sub' } } }),
      eventFrame('contentBlockStart', { start: {} }),
      eventFrame('metadata', { usage: { inputTokens: 3, outputTokens: 4 } }),
    ]),
    events: [
      chunk('meta.llama3:0', callBegun(0, 't1', 'add'), NULLS),
      chunk('meta.llama3:0', callGoesOn(0, '{"a":'), NULLS),
      chunk('meta.llama3:0', callGoesOn(0, '2}'), NULLS),
      chunk('meta.llama3:0', callBegun(1, 't2', 'sub'), NULLS),
    ],
    usage: [3, 4],
  },
  {
    name: 'huggingface',
    body: sse({ model: 'h', choices: [{ delta: { content: 'Hi' } }] }, '[DONE]'),
    events: [chunk('h', { content: 'Hi', role: 'assistant' })],
    usage: [2, 1],
  },
]

describe.each(STREAMS)(
  'a stream of $name',
  ({ name, body, type = 'text/event-stream', events, usage }) => {
    const bytes = typeof body === 'string' ? encoder.encode(body) : body

    it.each([1, 2, 7, 64, 100_000])("comes in OpenAI's words in pieces of %i", async (size) => {
      const rig = await opened(name, () => cut(bytes, size), type)
      const answer = await rig.send(CHAT)
      expect(answer.headers.get('content-type')).toBe('text/event-stream')
      expect(answer.headers.get('content-length')).toBeNull()
      const lines = answer.text.split('\n\n')
      expect(lines.splice(-2)).toEqual(['data: [DONE]', ''])
      expect(lines.map((line) => JSON.parse(line.slice(6)))).toEqual(events)
    })

    it('is counted', async () => {
      const rig = await opened(name, () => cut(bytes, 50), type)
      await rig.send(CHAT)
      await rig.close()
      const [prompt_tokens, completion_tokens] = usage
      expect(aiLogs(rig)).toMatchObject([
        { proxy: { usage: { prompt_tokens, completion_tokens } } },
      ])
    })
  },
)

function opened(
  name: string,
  body: () => AsyncGenerator<Uint8Array>,
  type: string,
  more: object = {},
) {
  const config = { ...provided(name), logging: { log_statistics: true }, ...more }
  const headers = ['Content-Type', type]
  return openChat([{ name: 'ai-proxy', config }], () => incoming({ headers, body: body() }))
}

it.each([
  [
    'gemini',
    'https://generativelanguage.googleapis.com/v1beta/models/gemini-1.5%2Fx:streamGenerateContent',
  ],
  [
    'bedrock',
    'https://bedrock-runtime.eu-west-1.amazonaws.com/model/meta.llama3%3A0/converse-stream',
  ],
])('has an address of its own: %s', async (name, url) => {
  const rig = await opened(name, () => cut(encoder.encode(''), 1), AWS)
  await rig.send(CHAT)
  const [sent] = rig.transport.sent
  expect(`${sent?.scheme}://${sent?.host}${sent?.target}`).toBe(url)
})

describe('whether an answer is streamed', () => {
  const body = sse(chunk('m', { content: 'Hi' }))

  it('is the operator’s to say', async () => {
    const more = { response_streaming: 'always' }
    const rig = await opened('azure', () => cut(encoder.encode(body), 9), 'text/event-stream', more)
    const answer = await rig.send({ messages: CHAT.messages })
    expect(sentBody(rig)).toMatchObject({ stream: true })
    expect(answer.text).toBe(`${body}data: [DONE]\n\n`)
  })

  it('is not asked of who has no streams we know', async () => {
    const rig = await opened('llama2 raw', () => cut(encoder.encode(body), 9), 'x')
    const { status, json } = await rig.send(CHAT)
    const message = 'response streaming is not enabled for this LLM'
    expect([status, json]).toEqual([400, { error: { message } }])
  })

  it('cannot be when whoever forces it has none', async () => {
    const more = { response_streaming: 'always' }
    const good = encoder.encode('{"data":[{"generated_text":"Hi"}]}')
    const rig = await opened('llama2 raw', () => cut(good, 9), 'x', more)
    expect((await rig.send({ messages: CHAT.messages })).json).toMatchObject({
      object: 'chat.completion',
    })
  })
})

it('goes on unpacked', async () => {
  const packed = new Blob([sse({ choices: [] })])
    .stream()
    .pipeThrough(new CompressionStream('gzip'))
  const headers = ['Content-Type', 'text/event-stream', 'Content-Encoding', 'gzip']
  const plugins = [{ name: 'ai-proxy', config: provided('azure') }]
  const rig = await openChat(plugins, () => incoming({ headers, body: packed }))
  const answer = await rig.send(CHAT)
  expect(answer.text).toBe('data: {"choices":[]}\n\ndata: [DONE]\n\n')
  expect(answer.headers.get('content-encoding')).toBeNull()
})

it('is not said to be done when it was cut', async () => {
  async function* broken() {
    yield encoder.encode(sse({ choices: [] }))
    throw new Error('reset')
  }
  const rig = await opened('azure', broken, 'text/event-stream')
  await expect(rig.send(CHAT)).rejects.toThrow()
})
