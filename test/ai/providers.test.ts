import { describe, expect, it } from 'vitest'
import { valuesOf } from '../proxy/fakes.ts'
import { openChat, says, sentBody } from './chat-rig.ts'
import { chats } from './chat-rows.ts'
import { cloudChats } from './cloud-rows.ts'
import { completions } from './completion-rows.ts'
import { provided } from './provider-configs.ts'
import { refusals, unreadable } from './refusal-rows.ts'

/** Opens a route to a provider that answers the same always. */
function to(config: object, answer: unknown) {
  return openChat([{ name: 'ai-proxy', config }], () => says(answer))
}

describe.each([...chats, ...cloudChats])(
  'a chat with $name',
  ({ config, asked, sent, answer, mapped }) => {
    it('is asked in its words', async () => {
      const rig = await to(config, answer)
      expect((await rig.send(asked)).status).toBe(200)
      const [outgoing] = rig.transport.sent
      expect(`${outgoing?.scheme}://${outgoing?.host}${outgoing?.target}`).toBe(sent.url)
      expect(sentBody(rig)).toEqual(sent.body)
      for (const [name, value] of Object.entries(sent.headers ?? {})) {
        expect(valuesOf(outgoing?.headers ?? [], name)).toEqual([value])
      }
    })

    it("is answered in OpenAI's", async () => {
      const rig = await to(config, answer)
      expect((await rig.send(asked)).json).toEqual(mapped)
    })
  },
)

it.each(completions)('a completion of $name', async ({ config, sent, answer, mapped }) => {
  const rig = await to({ ...config, route_type: 'llm/v1/completions' }, answer)
  const answered = await rig.send({ prompt: 'Hello', max_tokens: 7 })
  const [outgoing] = rig.transport.sent
  expect(`${outgoing?.scheme}://${outgoing?.host}${outgoing?.target}`).toBe(sent.url)
  expect(sentBody(rig)).toEqual(sent.body)
  expect(answered.json).toEqual(mapped)
})

it.each(unreadable)(
  'an answer of $name that is none: $why',
  async ({ name, answer, why, ...rest }) => {
    const route = rest.route ?? 'llm/v1/chat'
    const rig = await to({ ...provided(name), route_type: route }, answer)
    const asked =
      route === 'llm/v1/chat' ? { messages: [{ role: 'user', content: 'x' }] } : { prompt: 'x' }
    const answered = await rig.send(asked)
    const provider = name.split(' ')[0]
    const message = `transformation failed from type ${provider}://${route}: ${why}`
    expect([answered.status, answered.json]).toEqual([500, { error: { message } }])
  },
)

it.each(refusals)(
  'a question that $name does not take: $message',
  async ({ config, asked, message }) => {
    const rig = await to(config, {})
    const { status, json } = await rig.send(asked)
    expect([status, json]).toEqual([400, { error: { message } }])
  },
)
