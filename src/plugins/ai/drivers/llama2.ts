import { isObject } from '../../../schema/field.ts'
import { type Call, type Driver, type Unmapped, unmapped } from '../driver.ts'
import { at, type JsonObject, listAt, textAt } from '../json-reading.ts'
import { ollamaAnswer, ollamaEvents, ollamaRequest } from './ollama.ts'
import { openAiAnswer, openAiEvents, openAiRequest } from './openai.ts'

/** Llama 2 wherever it is hosted, in whichever of three dialects. */
export const llama2: Driver = {
  // The schema has `upstream_url` required.
  url: ({ model }) => model.options.upstream_url ?? '',
  request(body, call) {
    const format = call.model.options.llama2_format
    if (format === 'openai') return openAiRequest(body, call)
    return format === 'ollama' ? ollamaRequest(body, call) : rawRequest(body, call)
  },
  answer(answer, call) {
    const format = call.model.options.llama2_format
    if (format === 'openai') return openAiAnswer(answer, call)
    return format === 'ollama' ? ollamaAnswer(answer, call) : rawAnswer(answer, call)
  },
  events(call) {
    const format = call.model.options.llama2_format
    if (format === 'openai') return openAiEvents
    return format === 'ollama' ? ollamaEvents(call) : undefined
  },
}

function rawRequest(body: JsonObject, { model: { options }, route }: Call): JsonObject {
  return {
    parameters: {
      max_new_tokens: options.max_tokens ?? undefined,
      top_p: options.top_p ?? 1,
      top_k: options.top_k ?? 40,
      temperature: options.temperature ?? undefined,
    },
    inputs:
      route === 'llm/v1/chat'
        ? instructions(listAt(body, 'messages'))
        : `<s> [INST] <<SYS>> You are a helpful assistant. <<SYS>> ${body.prompt} [/INST]`,
  }
}

/** Kong: the first message is the system's, the second the user's; then they take turns. */
function instructions(messages: readonly unknown[]): string {
  return messages
    .map((message, index) => {
      const content = textAt(message, 'content') ?? ''
      if (index === 0) return `<s>[INST] <<SYS>> ${content} <</SYS>>`
      if (index === 1) return ` ${content} [/INST]`
      const role = at(message, 'role')
      if (role === 'system') return ` ${content} </s>`
      return role === 'user' ? ` <s>[INST] ${content} [/INST]` : ''
    })
    .join('')
}

function rawAnswer(answer: unknown, { route }: Call): JsonObject | Unmapped {
  if (!isObject(answer)) return unmapped('failed to decode llama2 response')
  const { data, usage } = answer
  if (!Array.isArray(data) || data.length !== 1) {
    return unmapped('cannot parse response from llama2 endpoint')
  }
  const text = textAt(data, 0, 'generated_text')
  if (text === undefined) return unmapped('response data is empty from llama2 endpoint')
  const said = (text.split('[/INST]').at(-1) ?? '').trim()
  const counted = usage === undefined ? {} : { usage }
  if (route !== 'llm/v1/chat') {
    return { choices: [{ index: 0, text: said }], object: 'text_completion', ...counted }
  }
  const message = { content: said, role: 'assistant' }
  return { choices: [{ message, index: 0 }], object: 'chat.completion', ...counted }
}
