import { describe, expect, it } from 'vitest'
import { openChat } from '../../test/ai/chat-rig.ts'

function guarded(config: object) {
  return openChat([{ name: 'ai-prompt-guard', config }])
}

const user = (content: unknown) => ({ role: 'user', content })
const chat = (...messages: unknown[]) => ({ messages })
const BAD = { error: { message: 'bad request' } }

describe('patterns', () => {
  it.each([
    ['denied', { deny_patterns: ['secret'] }, chat(user('my secret')), 400],
    ['not denied', { deny_patterns: ['secret'] }, chat(user('my cat')), 200],
    ['denied, a completion', { deny_patterns: ['secret'] }, { prompt: 'a secret' }, 400],
    ['letters of the other case', { deny_patterns: ['secret'] }, chat(user('SECRET')), 200],
    ['a flag', { deny_patterns: ['(?i)secret'] }, chat(user('SECRET')), 400],
    ['the second of two', { deny_patterns: ['a', 'b'] }, chat(user('b')), 400],
    ['allowed', { allow_patterns: ['cat', 'dog'] }, chat(user('a dog')), 200],
    ['not allowed', { allow_patterns: ['cat'] }, chat(user('a fish')), 400],
    [
      'allowed and denied',
      { allow_patterns: ['cat'], deny_patterns: ['dog'] },
      chat(user('cat dog')),
      400,
    ],
    ['an earlier message', { deny_patterns: ['x'] }, chat(user('x'), user('y')), 400],
    [
      'an earlier message that does not count',
      { deny_patterns: ['x'], allow_all_conversation_history: true },
      chat(user('x'), user('y')),
      200,
    ],
    [
      'the latest message alone',
      { deny_patterns: ['x'], allow_all_conversation_history: true },
      chat(user('y'), user('x')),
      400,
    ],
    [
      'words of two messages',
      { deny_patterns: ['yx'] },
      chat(user('x'), { role: 'assistant', content: 'z' }, user('y')),
      200,
    ],
    ['the latest first', { deny_patterns: ['^y x $'] }, chat(user('x'), user('y')), 400],
    ['another role', { deny_patterns: ['x'] }, chat({ role: 'system', content: 'x' }), 200],
    [
      'every role',
      { deny_patterns: ['x'], match_all_roles: true },
      chat({ role: 'system', content: 'x' }),
      400,
    ],
    ['a picture', { deny_patterns: ['x'] }, chat(user([{ type: 'image_url' }])), 400],
    ['no role', { deny_patterns: ['x'] }, chat({ content: 'y' }), 400],
    ['no prompt', { deny_patterns: ['x'] }, {}, 400],
  ])('%s', async (_, config, body, status) => {
    const rig = await guarded(config)
    const answer = await rig.send(body)
    expect(answer.status).toBe(status)
    if (status === 400) expect(answer.json).toEqual(BAD)
    expect(rig.transport.sent).toHaveLength(status === 200 ? 1 : 0)
  })

  it.each(['(a)\\1', 'a(?=b)', '('])('cannot be %s', async (pattern) => {
    await expect(guarded({ deny_patterns: [pattern] })).rejects.toThrow()
  })
})

describe("a provider's own words", () => {
  const DENY = { deny_patterns: ['secret'] }
  const EVERY = { ...DENY, match_all_roles: true }
  const said = (role: string | undefined, ...texts: string[]) => ({
    role,
    parts: texts.map((text) => ({ text })),
  })
  const told = (role: string, ...texts: string[]) => ({
    role,
    content: texts.map((text) => ({ text })),
  })
  const ok = told('user', 'cat')
  const result = { toolResult: { toolUseId: 't', content: [{ json: {} }] } }

  it.each<[string, object, object, number]>([
    ['gemini', DENY, { contents: [said('user', 'a cat')] }, 200],
    ['gemini', DENY, { contents: [said('user', 'a secret')] }, 400],
    ['gemini', DENY, { contents: said('user', 'a secret') }, 400],
    ['gemini', DENY, { contents: [said('user', 'sec', 'ret')] }, 400],
    ['gemini', DENY, { contents: [{ role: 'user', parts: { text: 'secret' } }] }, 400],
    ['gemini', DENY, { contents: [said(undefined, 'secret')] }, 400],
    ['gemini', DENY, { contents: [said('constructor', 'secret')] }, 400],
    ['gemini', DENY, { contents: [said('model', 'secret'), said('user', 'a')] }, 200],
    ['gemini', EVERY, { contents: [said('model', 'secret'), said('user', 'a')] }, 400],
    [
      'gemini',
      DENY,
      { contents: [said('user', 'a')], system_instruction: said('', 'secret') },
      200,
    ],
    [
      'gemini',
      EVERY,
      { contents: [said('user', 'a')], system_instruction: said('', 'secret') },
      400,
    ],
    [
      'gemini',
      EVERY,
      { contents: [said('user', 'a')], systemInstruction: said('', 'secret') },
      400,
    ],
    ['gemini', DENY, { contents: [{ role: 'user', parts: [{ inline_data: {} }] }] }, 400],
    ['gemini', DENY, { contents: [{ parts: [{ functionResponse: {} }] }, said('user', 'a')] }, 200],
    ['gemini', DENY, { messages: [user('a')] }, 400],
    ['bedrock', DENY, { messages: [ok] }, 200],
    ['bedrock', DENY, { messages: [told('user', 'my ', 'secret'), ok] }, 400],
    [
      'bedrock',
      { ...DENY, allow_all_conversation_history: true },
      { messages: [told('user', 'secret'), ok] },
      200,
    ],
    ['bedrock', DENY, { messages: [told('assistant', 'secret'), ok] }, 200],
    ['bedrock', EVERY, { messages: [ok], system: [{ text: 'secret' }] }, 400],
    ['bedrock', DENY, { messages: [{ role: 'user', content: [result] }, ok] }, 200],
    ['bedrock', DENY, { messages: [{ role: 'user', content: [result, { text: 'secret' }] }] }, 400],
    [
      'bedrock',
      DENY,
      { messages: [{ role: 'user', content: [{ text: 'a' }, { cachePoint: {} }] }] },
      200,
    ],
    ['bedrock', DENY, { messages: [{ role: 'user', content: [{ image: {} }] }] }, 400],
    ['bedrock', DENY, { contents: [said('user', 'a')] }, 400],
  ])('are looked at: %s, %j, %j', async (format, config, body, status) => {
    const rig = await guarded({ ...config, llm_format: format })
    const answer = await rig.send(body)
    expect(answer.status).toBe(status)
    if (status === 400) expect(answer.json).toEqual(BAD)
    expect(rig.transport.sent).toHaveLength(status === 200 ? 1 : 0)
  })
})

it.each([
  ['no JSON', 'hello'],
  ['a body that is too long', chat(user('x'.repeat(200)))],
])('refuses %s', async (_, body) => {
  const rig = await guarded({ deny_patterns: ['y'], max_request_body_size: 150 })
  const { status, json } = await rig.send(body)
  const message = 'this LLM route only supports application/json requests'
  expect([status, json]).toEqual([400, { error: { message } }])
})

it('looks at what the plugins before made', async () => {
  const prompts = { append: [user('x')] }
  const rig = await openChat([
    { name: 'ai-prompt-decorator', config: { prompts } },
    { name: 'ai-prompt-guard', config: { deny_patterns: ['x'] } },
  ])
  expect((await rig.send(chat(user('y')))).status).toBe(400)
})
