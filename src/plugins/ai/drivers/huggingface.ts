import { isObject } from '../../../schema/field.ts'
import {
  type Call,
  DONE,
  type Driver,
  type EventMapper,
  type Unmapped,
  unmapped,
} from '../driver.ts'
import { at, type JsonObject, parseObject, textAt, without } from '../json-reading.ts'
import { mergeOptions } from '../merge-options.ts'

/** Hugging Face: a model's own address, or that of an endpoint. */
export const huggingface: Driver = {
  url: (call) => {
    const name = call.model.name.split('/').filter(isName).map(encodeURIComponent).join('/')
    return addressFor(`https://api-inference.huggingface.co/models/${name}`, call)
  },
  urlFor: addressFor,
  request: huggingFaceRequest,
  answer: huggingFaceAnswer,
  events: huggingFaceEvents,
  refusal: (status) => `Hugging Face API returned status ${status}`,
}

/** A client may have said the name: it must not lead to another path. */
function isName(segment: string): boolean {
  return segment !== '.' && segment !== '..'
}

function addressFor(base: string, { route }: Call): string {
  return route === 'llm/v1/completions' ? base : `${base.replace(/\/$/, '')}/v1/chat/completions`
}

const PARAMETERS = ['top_k', 'top_p', 'temperature', 'max_tokens'] as const

function huggingFaceRequest(body: JsonObject, { model, route }: Call): JsonObject {
  const merged = mergeOptions(body, model.options)
  const { top_k, top_p, temperature, max_tokens } = merged
  const own = isObject(body.parameters) ? body.parameters : {}
  const chat = route === 'llm/v1/chat'
  const limit = chat ? { max_lenght: max_tokens } : { max_new_tokens: max_tokens }
  const rest = without(merged, ...PARAMETERS)
  return {
    ...(chat ? rest : { ...without(rest, 'prompt'), inputs: body.prompt }),
    options: {
      use_cache: model.options.huggingface?.use_cache ?? false,
      wait_for_model: model.options.huggingface?.wait_for_model ?? false,
    },
    // Kong: `max_lenght`, as it was in the service's own documentation.
    parameters: {
      top_k,
      top_p,
      temperature,
      ...(own.max_tokens === undefined ? limit : {}),
      ...own,
    },
    model: model.name,
  }
}

function huggingFaceAnswer(answer: unknown, { model, route }: Call): JsonObject | Unmapped {
  if (typeof answer !== 'object' || answer === null) return unmapped('Failed to decode response')
  const error = at(answer, 'error') ?? at(answer, 'message')
  if (error !== undefined) return unmapped(`API error: ${error}`)
  const head = {
    model: model.name,
    object: at(answer, 'object') ?? route,
    usage: at(answer, 'usage') ?? {},
  }
  const text = textAt(answer, 0, 'generated_text')
  if (text !== undefined) {
    const choices = [{ message: { content: text }, index: 0, finish_reason: 'complete' }]
    return { ...head, choices }
  }
  const choices = at(answer, 'choices')
  if (!Array.isArray(choices)) return unmapped('Invalid response format')
  return {
    ...head,
    choices: choices.map((choice, index) => {
      const content = textAt(choice, 'message', 'content') ?? ''
      return { message: { content }, index, finish_reason: 'complete' }
    }),
  }
}

function huggingFaceEvents({ model, route }: Call): EventMapper {
  return ({ data }) => {
    if (data.trim() === DONE) return { data: DONE }
    const said = parseObject(data)
    if (said === undefined) return {}
    if (route !== 'llm/v1/chat') {
      const choices = [{ text: textAt(said, 'token', 'text') ?? '', index: 0 }]
      return { data: JSON.stringify({ choices, model: model.name, object: 'text_completion' }) }
    }
    const content = textAt(said, 'choices', 0, 'delta', 'content') ?? ''
    const choices = [{ delta: { content, role: 'assistant' }, index: 0 }]
    const head = { model: textAt(said, 'model') ?? model.name, object: 'chat.completion.chunk' }
    return { data: JSON.stringify({ choices, ...head }) }
  }
}
