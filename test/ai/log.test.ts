import { describe, expect, it } from 'vitest'
import { incoming } from '../proxy/fakes.ts'
import { aiLogs, cut, openChat, says } from './chat-rig.ts'
import { provided } from './provider-configs.ts'

const ID = '6e7c40f6-ce96-48e4-a366-d109c169e444'
const CHAT = { messages: [{ role: 'user', content: 'Hello to you' }] }
const ANSWER = {
  model: 'gpt-2024',
  choices: [{ message: { content: 'Hi there' } }],
  usage: { prompt_tokens: 25, completion_tokens: 12, total_tokens: 37 },
}

async function logged(given: object, answer: unknown = ANSWER, options: object = {}, status = 200) {
  const model = { provider: 'openai', name: 'gpt-4o', options }
  const config = { ...provided('azure'), model, ...given }
  let tick = () => {}
  const rig = await openChat([{ name: 'ai-proxy', id: ID, config }], () => {
    tick()
    return says(answer, [], status)
  })
  tick = () => {
    rig.runtime.time += 130
  }
  await rig.send(CHAT)
  await rig.close()
  return aiLogs(rig)[0]
}

const META = {
  plugin_id: ID,
  provider_name: 'openai',
  request_model: 'gpt-4o',
  response_model: 'gpt-2024',
  llm_latency: 130,
}
const USAGE = {
  time_per_token: 10,
  prompt_tokens: 25,
  completion_tokens: 12,
  total_tokens: 37,
  cost: 0,
}

describe('the log', () => {
  it('tells nothing unless asked', async () => {
    expect(await logged({})).toBeUndefined()
  })

  it('tells of tokens, time and cost', async () => {
    const options = { input_cost: 10, output_cost: 20 }
    expect(await logged({ logging: { log_statistics: true } }, ANSWER, options)).toEqual({
      proxy: { meta: META, usage: { ...USAGE, cost: (25 * 10 + 12 * 20) / 1_000_000 } },
    })
  })

  it('tells what was said', async () => {
    expect(await logged({ logging: { log_payloads: true } })).toEqual({
      proxy: { payload: { request: JSON.stringify(CHAT), response: JSON.stringify(ANSWER) } },
    })
  })

  it('guesses where nobody counted', async () => {
    const answer = { choices: [{ message: { content: 'Hi there you' } }] }
    expect(await logged({ logging: { log_statistics: true } }, answer)).toMatchObject({
      proxy: {
        meta: { response_model: 'gpt-4o' },
        usage: { prompt_tokens: 3, completion_tokens: 3, total_tokens: 6, time_per_token: 43 },
      },
    })
  })

  it('counts the texts among the parts of a message alone', async () => {
    const content = [
      { type: 'text', text: 'a b c' },
      { type: 'input_audio', text: 'd e' },
      { type: 'text' },
      { type: 'text', text: 'f' },
    ]
    const config = { ...provided('azure'), logging: { log_statistics: true } }
    const rig = await openChat([{ name: 'ai-proxy', config }], () => says({ choices: [{}] }))
    await rig.send({ messages: [{ role: 'user', content }] })
    await rig.close()
    expect(aiLogs(rig)).toMatchObject([{ proxy: { usage: { prompt_tokens: 4 } } }])
  })

  it('tells of a refusal', async () => {
    const error = { error: { message: 'Too many' } }
    const logging = { log_statistics: true, log_payloads: true }
    expect(await logged({ logging }, error, {}, 429)).toMatchObject({
      proxy: {
        meta: { response_model: 'gpt-4o', llm_latency: 130 },
        usage: { prompt_tokens: 3, completion_tokens: 0, time_per_token: 0 },
        payload: { response: JSON.stringify(error) },
      },
    })
  })

  it('tells of an answer that is none', async () => {
    const logging = { log_statistics: true, log_payloads: true }
    const response = JSON.stringify({
      error: {
        message:
          "transformation failed from type openai://llm/v1/chat: 'choices' not in llm/v1/chat response",
      },
    })
    expect(await logged({ logging }, {})).toMatchObject({
      proxy: {
        meta: { llm_latency: 130 },
        usage: { prompt_tokens: 3, completion_tokens: 0 },
        payload: { response },
      },
    })
  })

  it.each([
    ['gzip', JSON.stringify(ANSWER)],
    ['br', undefined],
  ])('tells of what is passed through packed with %s', async (encoding, response) => {
    const packed = new Blob([JSON.stringify(ANSWER)])
      .stream()
      .pipeThrough(new CompressionStream('gzip'))
    const config = {
      ...provided('azure'),
      route_type: 'preserve',
      logging: { log_payloads: true },
    }
    const headers = ['Content-Type', 'application/json', 'Content-Encoding', encoding]
    const rig = await openChat([{ name: 'ai-proxy', config }], () =>
      incoming({ headers, body: packed }),
    )
    const answer = await rig.send(CHAT)
    expect(answer.headers.get('content-encoding')).toBe(encoding)
    await rig.close()
    const [told] = aiLogs(rig) as [{ proxy: { payload: { response?: string } } }]
    expect(told.proxy.payload.response).toBe(response)
  })

  it('tells of what is passed through', async () => {
    const given = { route_type: 'preserve', logging: { log_statistics: true } }
    expect(await logged(given)).toMatchObject({ proxy: { usage: USAGE } })
  })

  it('tells where Azure was asked', async () => {
    const model = {
      provider: 'azure',
      options: { azure_instance: 'i', azure_deployment_id: 'd', azure_api_version: 'v' },
      name: 'm',
    }
    expect(await logged({ model, logging: { log_statistics: true } })).toMatchObject({
      proxy: {
        meta: { azure_instance_id: 'i', azure_deployment_id: 'd', azure_api_version: 'v' },
      },
    })
  })

  it('tells what was said in a stream as one answer', async () => {
    const choices = [
      { delta: { content: 'Hi' }, finish_reason: null },
      { delta: { content: ' there' } },
      { delta: {}, finish_reason: 'stop' },
    ]
    const events = choices.map((one) => `data: ${JSON.stringify({ choices: [one] })}\n\n`)
    const body = new TextEncoder().encode(events.join(''))
    const config = { ...provided('azure'), logging: { log_payloads: true } }
    const plugins = [{ name: 'ai-proxy', config }]
    const rig = await openChat(plugins, () => incoming({ body: cut(body, 9) }))
    await rig.send({ ...CHAT, stream: true })
    await rig.close()
    const message = { role: 'assistant', content: 'Hi there' }
    const response = JSON.stringify({
      choices: [{ finish_reason: 'stop', index: 0, logprobs: null, message }],
      object: 'chat.completion',
      response: 'Hi there',
      usage: { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 },
    })
    expect(aiLogs(rig)).toMatchObject([{ proxy: { payload: { response } } }])
  })
})
