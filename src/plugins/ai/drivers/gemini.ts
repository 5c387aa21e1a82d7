import { isObject } from '../../../schema/field.ts'
import {
  type Call,
  DONE,
  type Driver,
  type EventMapper,
  type Unmapped,
  unmapped,
} from '../driver.ts'
import { at, type JsonObject, listAt, numberAt, parseObject, textAt } from '../json-reading.ts'
import { geminiRequest } from './gemini-request.ts'

/** Gemini: Google's public API, or Vertex AI where `options.gemini` says so. */
export const gemini: Driver = {
  url(call) {
    const { gemini: vertex } = call.model.options
    const operation = call.streaming ? 'streamGenerateContent' : 'generateContent'
    const model = `models/${encodeURIComponent(call.model.name)}:${operation}`
    if (typeof vertex?.api_endpoint !== 'string') {
      return `https://generativelanguage.googleapis.com/v1beta/${model}`
    }
    const { api_endpoint: host, project_id: project, location_id: location } = vertex
    return `https://${host}/v1/projects/${project}/locations/${location}/publishers/google/${model}`
  },
  pathOverUrl: true,
  request: (body, call) => (call.route === 'llm/v1/chat' ? geminiRequest(body, call) : NO_CHAT),
  answer: (answer, call) => (call.route === 'llm/v1/chat' ? geminiAnswer(answer, call) : NO_CHAT),
  breached: (answer) =>
    textAt(answer, 'candidates', 0, 'finishReason') === 'SAFETY'
      ? 'transformation generation candidate breached Gemini content safety'
      : undefined,
  events: (call) => (call.route === 'llm/v1/chat' ? geminiEvents(call) : undefined),
}

const NO_CHAT = unmapped('only llm/v1/chat is known')

function geminiAnswer(answer: unknown, { model }: Call): JsonObject | Unmapped {
  if (!isObject(answer)) return unmapped('failed to decode response from Gemini')
  if (listAt(answer, 'candidates').length === 0) {
    return unmapped('no generation candidates received from Gemini, or max_tokens too short')
  }
  const message = messageOf(answer)
  const finish_reason = textAt(answer, 'candidates', 0, 'finishReason')?.toLowerCase()
  return {
    choices: message === undefined ? [] : [{ index: 0, message, finish_reason }],
    object: 'chat.completion',
    model: model.name,
    ...(isObject(answer.usageMetadata) ? { usage: usageOf(answer.usageMetadata) } : {}),
  }
}

/** What the first candidate says or wants to call; undefined for neither. */
function messageOf(answer: JsonObject): JsonObject | undefined {
  const parts = listAt(answer, 'candidates', 0, 'content', 'parts')
  const texts = parts.flatMap((part) => textAt(part, 'text') ?? [])
  if (texts.length > 0) return { role: 'assistant', content: texts.join('') }
  const calls = parts.flatMap((part) => {
    const call = at(part, 'functionCall')
    return isObject(call) ? [call] : []
  })
  if (calls.length === 0) return undefined
  const tool_calls = calls.map(({ name, args }) => {
    return { function: { name, arguments: JSON.stringify(args ?? {}) }, type: 'function' }
  })
  return { role: 'assistant', tool_calls }
}

function usageOf(metadata: JsonObject): JsonObject {
  return {
    prompt_tokens: metadata.promptTokenCount,
    completion_tokens: metadata.candidatesTokenCount,
    total_tokens: metadata.totalTokenCount,
  }
}

function geminiEvents({ model }: Call): EventMapper {
  return ({ data }) => {
    if (data === DONE) return { data }
    const said = parseObject(data)
    const delta = said === undefined ? undefined : messageOf(said)
    const prompt = numberAt(said, 'usageMetadata', 'promptTokenCount')
    const completion = numberAt(said, 'usageMetadata', 'candidatesTokenCount')
    const usage = { prompt, completion }
    if (delta === undefined) return { usage }
    const finish_reason = textAt(said, 'candidates', 0, 'finishReason')
    const choices = [{ delta, index: 0, finish_reason }]
    return { data: JSON.stringify({ model: model.name, choices }), usage }
  }
}
