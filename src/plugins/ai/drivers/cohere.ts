import { isObject } from '../../../schema/field.ts'
import {
  type Call,
  DONE,
  type Driver,
  type EventMapper,
  type Unmapped,
  unmapped,
} from '../driver.ts'
import {
  at,
  type JsonObject,
  listAt,
  numberAt,
  parseObject,
  textAt,
  without,
} from '../json-reading.ts'
import { mergeOptions } from '../merge-options.ts'
import { openAiRequest } from './openai.ts'

const PATHS = {
  'llm/v1/chat': '/v1/chat',
  'llm/v1/completions': '/v1/generate',
  preserve: '/',
} as const

/** Cohere. */
export const cohere: Driver = {
  url: ({ route }) => `https://api.cohere.com${PATHS[route]}`,
  request: cohereRequest,
  answer: cohereAnswer,
  events: cohereEvents,
}

function cohereRequest(body: JsonObject, call: Call): JsonObject {
  // Kong: what uses tools goes as it is.
  if (body.tools !== undefined) return openAiRequest(body, call)
  const merged = mergeOptions(body, call.model.options)
  return {
    ...without(merged, 'top_p', 'top_k', 'messages'),
    p: merged.top_p,
    k: merged.top_k,
    model: call.model.name,
    stream: body.stream ?? false,
    ...(call.route === 'llm/v1/chat' ? turnsOf(listAt(body, 'messages')) : {}),
  }
}

/** The last message is the question, those before it the history. */
function turnsOf(messages: readonly unknown[]): JsonObject {
  const history = messages.slice(0, -1).map((turn) => {
    const role = at(turn, 'role')
    return {
      role: role === 'assistant' || role === 'CHATBOT' ? 'CHATBOT' : 'USER',
      message: at(turn, 'content'),
    }
  })
  const message = at(messages.at(-1), 'content')
  return history.length === 0 ? { message } : { chat_history: history, message }
}

function cohereAnswer(answer: unknown, { model, route }: Call): JsonObject | Unmapped {
  if (!isObject(answer)) return unmapped('failed to decode cohere response')
  if (answer.prompt !== undefined && Array.isArray(answer.generations)) {
    const choices = answer.generations.map((one, index) => {
      return { index, text: at(one, 'text'), finish_reason: 'stop' }
    })
    const usage = billed(answer.meta)
    return { choices, object: 'text_completion', model: model.name, id: answer.id, usage }
  }
  const chat = { object: 'chat.completion', model: model.name }
  if (answer.text !== undefined) {
    const message = { role: 'assistant', content: answer.text }
    const usage = route === 'llm/v1/chat' ? billed(answer.meta) : counted(answer.token_count)
    const choices = [{ index: 0, message, finish_reason: 'stop' }]
    return { choices, ...chat, id: answer.generation_id, usage }
  }
  if (route === 'llm/v1/chat' && isObject(answer.message)) {
    const { tool_plan, content, tool_calls } = answer.message
    const message = { role: 'assistant', content: tool_plan ?? content, tool_calls }
    const choices = [{ index: 0, message, finish_reason: answer.finish_reason }]
    return { choices, ...chat, id: answer.id, usage: billed(answer.usage) }
  }
  return unmapped("'text' or 'generations' missing from cohere response body")
}

function billed(meta: unknown): JsonObject {
  const prompt = numberAt(meta, 'billed_units', 'input_tokens')
  const completion = numberAt(meta, 'billed_units', 'output_tokens')
  const known = prompt !== undefined && completion !== undefined
  return {
    completion_tokens: completion,
    prompt_tokens: prompt,
    ...(known ? { total_tokens: prompt + completion } : {}),
  }
}

function counted(count: unknown): JsonObject {
  return {
    completion_tokens: at(count, 'response_tokens'),
    prompt_tokens: at(count, 'prompt_tokens'),
    total_tokens: at(count, 'total_tokens'),
  }
}

function cohereEvents({ model, route }: Call): EventMapper {
  let id: string | undefined
  const object = route === 'llm/v1/chat' ? 'chat.completion.chunk' : 'text_completion'
  const chunk = (choice: JsonObject): string =>
    JSON.stringify({ choices: [{ ...choice, index: 0 }], id, model: model.name, object })
  const open = { finish_reason: null, logprobs: null }

  return ({ data }) => {
    const said = parseObject(data)
    if (said === undefined) return {}
    switch (said.event_type) {
      case 'stream-start':
        id = textAt(said, 'generation_id')
        return { data: chunk({ delta: { content: '', role: 'assistant' } }) }
      case 'text-generation': {
        const text = textAt(said, 'text') ?? ''
        const words = route === 'llm/v1/chat' ? { delta: { content: text } } : { text }
        return { data: chunk({ ...words, ...open }) }
      }
      case 'stream-end': {
        const units = at(said, 'response', 'meta', 'billed_units')
        const count = at(said, 'response', 'token_count')
        const prompt = numberAt(units, 'input_tokens') ?? numberAt(count, 'prompt_tokens')
        const completion = numberAt(units, 'output_tokens') ?? numberAt(count, 'response_tokens')
        return { data: DONE, usage: { prompt, completion } }
      }
      default:
        return {}
    }
  }
}
