import { describe, expect, it } from 'vitest'
import { openChat, sentBody } from '../../test/ai/chat-rig.ts'
import { valuesOf } from '../../test/proxy/fakes.ts'

const FIRST = { role: 'system', content: 'Be kind.' }
const LAST = { role: 'assistant', content: 'I am kind.' }
const ASKED = { role: 'user', content: 'Hello' }

function decorated(prompts: object, rest: object = {}) {
  return openChat([{ name: 'ai-prompt-decorator', config: { prompts, ...rest } }])
}

describe('the messages', () => {
  it.each([
    ['before', { prepend: [FIRST] }, [FIRST, ASKED]],
    ['behind', { append: [LAST] }, [ASKED, LAST]],
    ['on both sides', { prepend: [FIRST, FIRST], append: [LAST] }, [FIRST, FIRST, ASKED, LAST]],
  ])('come %s', async (_, prompts, messages) => {
    const rig = await decorated(prompts)
    expect((await rig.send({ model: 'm', messages: [ASKED] })).status).toBe(200)
    expect(sentBody(rig)).toEqual({ model: 'm', messages })
  })

  it('go up with the length they have', async () => {
    const rig = await decorated({ prepend: [{ role: 'system', content: 'Straße' }] })
    await rig.send({ messages: [ASKED] })
    const [sent] = rig.transport.sent
    const length = sent?.body instanceof Uint8Array ? sent.body.length : -1
    expect(valuesOf(sent?.headers ?? [], 'content-length')).toEqual([`${length}`])
  })

  it('take names like __proto__ for data', async () => {
    const rig = await decorated({ append: [LAST] })
    await rig.send('{"__proto__": {"a": 1}, "messages": [{"role": "user", "content": "x"}]}')
    expect(new TextDecoder().decode(rig.transport.sent[0]?.body as Uint8Array)).toContain(
      '"__proto__":{"a":1}',
    )
  })
})

const JSON_ONLY = 'this LLM route only supports application/json requests'
const CHAT_ONLY = 'this LLM route only supports llm/chat type requests'

it.each([
  ['no JSON', 'hello', {}, JSON_ONLY],
  ['a list', '[]', {}, JSON_ONLY],
  ['another type', '{"messages": [1]}', { 'content-type': 'text/plain' }, JSON_ONLY],
  ['a body that is too long', { messages: ['x'.repeat(200)] }, {}, JSON_ONLY],
  ['no messages', { prompt: 'hello' }, {}, CHAT_ONLY],
  ['an empty chat', { messages: [] }, {}, CHAT_ONLY],
  ['messages that are no list', { messages: 'hello' }, {}, CHAT_ONLY],
])('refuses %s', async (_, body, headers, message) => {
  const rig = await decorated({ append: [LAST] }, { max_request_body_size: 150 })
  const { status, json } = await rig.send(body, { headers })
  expect([status, json]).toEqual([400, { error: { message } }])
  expect(rig.transport.sent).toEqual([])
})

it('refuses what nests deeper than anyone reads', async () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
  const rig = await decorated({ append: [LAST] }, { max_request_body_size: 100_000 })
  const { status, json } = await rig.send(`{"messages":[{"role":"user","content":${deep}}]}`)
  expect([status, json]).toEqual([400, { error: { message: JSON_ONLY } }])
})

describe("a provider's own words", () => {
  const prompts = { prepend: [FIRST, ASKED], append: [LAST, { role: 'system', content: 'Now.' }] }
  const said = (role: string, text: string) => ({ role, parts: [{ text }] })
  const told = (role: string, text: string) => ({ role, content: [{ text }] })

  it.each<{ what: string; format: string; given: object; sent: object; config?: object }>([
    {
      what: 'a chat',
      format: 'gemini',
      given: { contents: [said('user', 'Hi')], generationConfig: { topK: 1 } },
      sent: {
        contents: [said('user', 'Hello'), said('user', 'Hi'), said('model', 'I am kind.')],
        generationConfig: { topK: 1 },
        system_instruction: { parts: [{ text: 'Be kind.' }, { text: 'Now.' }] },
      },
    },
    {
      what: 'an instruction under its other name, one part, one message',
      format: 'gemini',
      given: { contents: said('user', 'Hi'), systemInstruction: { parts: { text: 'Own.' } } },
      sent: {
        contents: [said('user', 'Hello'), said('user', 'Hi'), said('model', 'I am kind.')],
        systemInstruction: { parts: [{ text: 'Be kind.' }, { text: 'Own.' }, { text: 'Now.' }] },
      },
    },
    {
      what: 'no message of the system',
      format: 'gemini',
      config: { append: [LAST] },
      given: { contents: [said('user', 'Hi')], system_instruction: { parts: [{ text: 'Own.' }] } },
      sent: {
        contents: [said('user', 'Hi'), said('model', 'I am kind.')],
        system_instruction: { parts: [{ text: 'Own.' }] },
      },
    },
    {
      what: 'a chat',
      format: 'bedrock',
      given: { messages: [told('user', 'Hi')], system: [{ text: 'Own.' }], x: 1 },
      sent: {
        messages: [told('user', 'Hello'), told('user', 'Hi'), told('assistant', 'I am kind.')],
        system: [{ text: 'Be kind.' }, { text: 'Own.' }, { text: 'Now.' }],
        x: 1,
      },
    },
    {
      what: 'no message of the system',
      format: 'bedrock',
      config: { append: [LAST] },
      given: { messages: [told('user', 'Hi')] },
      sent: { messages: [told('user', 'Hi'), told('assistant', 'I am kind.')] },
    },
  ])('are decorated as they are: $format, $what', async ({ format, given, sent, config }) => {
    const rig = await decorated(config ?? prompts, { llm_format: format })
    expect((await rig.send(given)).status).toBe(200)
    expect(sentBody(rig)).toEqual(sent)
  })

  it.each([
    ['gemini', { messages: [ASKED] }],
    ['gemini', { contents: [] }],
    ['gemini', { contents: {} }],
    ['bedrock', { contents: [said('user', 'Hi')] }],
    ['bedrock', { messages: 'Hi' }],
  ])('are no chat: %s, %j', async (format, body) => {
    const rig = await decorated(prompts, { llm_format: format })
    const { status, json } = await rig.send(body)
    expect([status, json]).toEqual([400, { error: { message: CHAT_ONLY } }])
  })
})
