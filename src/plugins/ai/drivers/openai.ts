import { isObject } from '../../../schema/field.ts'
import { type Call, type Driver, type EventMapper, type Unmapped, unmapped } from '../driver.ts'
import { type JsonObject, numberAt, parseJson, without } from '../json-reading.ts'
import { mergeOptions } from '../merge-options.ts'

/** Where OpenAI is asked, by what. */
export const OPENAI_PATHS = {
  'llm/v1/chat': '/v1/chat/completions',
  'llm/v1/completions': '/v1/completions',
  preserve: '/',
} as const

/** OpenAI itself. */
export const openai: Driver = {
  url: ({ route }) => `https://api.openai.com${OPENAI_PATHS[route]}`,
  request: openAiRequest,
  answer: openAiAnswer,
  events: () => openAiEvents,
}

/** A request for whoever speaks as OpenAI does. */
export function openAiRequest(body: JsonObject, { model }: Call): JsonObject {
  // Kong: OpenAI has no top_k.
  const merged = without(mergeOptions(body, model.options), 'top_k')
  return { ...merged, model: model.name, stream: body.stream ?? false }
}

/** An answer of whoever speaks as OpenAI does. */
export function openAiAnswer(answer: unknown, { route }: Call): JsonObject | Unmapped {
  if (!isObject(answer)) return unmapped(`failed to decode ${route} response`)
  return isTruthy(answer.choices) ? answer : unmapped(`'choices' not in ${route} response`)
}

/** Events of whoever streams as OpenAI does. */
export const openAiEvents: EventMapper = ({ data }) => {
  if (!data.includes('"usage"')) return { data }
  const event = parseJson(data)
  const prompt = numberAt(event, 'usage', 'prompt_tokens')
  const completion = numberAt(event, 'usage', 'completion_tokens')
  return { data, usage: { prompt, completion } }
}

function isTruthy(value: unknown): boolean {
  return value !== undefined && value !== false
}
