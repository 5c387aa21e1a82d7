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
import { mergeOptions } from '../merge-options.ts'
import { callsOf, toolFields, turnOf } from './anthropic-tools.ts'
import { type CallDeltas, createCallDeltas, writtenCalls } from './openai-tools.ts'

const PATHS = {
  'llm/v1/chat': '/v1/messages',
  'llm/v1/completions': '/v1/complete',
  preserve: '/',
} as const

/** Anthropic. */
export const anthropic: Driver = {
  url: ({ route }) => `https://api.anthropic.com${PATHS[route]}`,
  headers: ({ model }) => ['anthropic-version', model.options.anthropic_version ?? ''],
  request: (body, call) =>
    call.route === 'llm/v1/chat' ? chatRequest(body, call) : completionRequest(body, call),
  answer: (answer, { route }) =>
    route === 'llm/v1/chat' ? chatAnswer(answer) : completionAnswer(answer),
  events: (call) => (call.route === 'llm/v1/chat' ? chatEvents(call) : undefined),
}

function chatRequest(body: JsonObject, { model }: Call): JsonObject {
  const { temperature, max_tokens, stream, messages } = mergeOptions(body, model.options)
  const all = listAt(messages)
  const system = all.filter((message) => !isTurn(message)).map((message) => at(message, 'content'))
  return {
    messages: all.filter(isTurn).map(turnOf),
    ...(system.length === 0 ? {} : { system: joined(system) }),
    temperature,
    max_tokens,
    model: model.name,
    stream: stream ?? false,
    ...toolFields(body),
  }
}

/** Kong: who is neither the user, the assistant nor a tool is the system, which has a place of its own. */
function isTurn(message: unknown): boolean {
  const role = at(message, 'role')
  return role === 'assistant' || role === 'user' || role === 'tool'
}

/** Unlike Kong, of which the last one alone is left: no instruction is lost. */
function joined(contents: readonly unknown[]): unknown {
  return contents.every((content) => typeof content === 'string')
    ? contents.join('\n\n')
    : contents.at(-1)
}

function completionRequest(body: JsonObject, { model }: Call): JsonObject {
  const { temperature, max_tokens, stream, prompt } = mergeOptions(body, model.options)
  return {
    prompt: `Human: ${prompt}\n\nAssistant:`,
    temperature,
    max_tokens_to_sample: max_tokens,
    model: model.name,
    stream: stream ?? false,
  }
}

function chatAnswer(answer: unknown): JsonObject | Unmapped {
  if (!isObject(answer)) return unmapped('failed to decode anthropic response')
  if (!Array.isArray(answer.content)) {
    return unmapped("'content' not in anthropic://llm/v1/chat response")
  }
  const content = answer.content.flatMap((part) => textAt(part, 'text') ?? []).join('\n')
  const tool_calls = writtenCalls(callsOf(answer.content))
  const message = { role: 'assistant', content, tool_calls }
  return {
    choices: [{ index: 0, message, finish_reason: answer.stop_reason }],
    usage: usageOf(answer.usage),
    model: answer.model,
    // Kong: not `chat.completion`.
    object: 'chat.content',
  }
}

function usageOf(usage: unknown): unknown {
  if (!isObject(usage)) return 'no usage data returned from upstream'
  const prompt_tokens = numberAt(usage, 'input_tokens')
  const completion_tokens = numberAt(usage, 'output_tokens')
  const known = prompt_tokens !== undefined && completion_tokens !== undefined
  return {
    prompt_tokens,
    completion_tokens,
    ...(known ? { total_tokens: prompt_tokens + completion_tokens } : {}),
  }
}

function completionAnswer(answer: unknown): JsonObject | Unmapped {
  if (!isObject(answer)) return unmapped('failed to decode anthropic response')
  const text = textAt(answer, 'completion')
  if (text === undefined) return unmapped("'completion' not in anthropic://llm/v1/chat response")
  return {
    choices: [{ index: 0, text, finish_reason: answer.stop_reason }],
    model: answer.model,
    object: 'text_completion',
  }
}

function chatEvents({ model }: Call): EventMapper {
  let id: string | undefined
  const calls = createCallDeltas()
  const chunk = (delta: JsonObject, choice: JsonObject, rest: JsonObject = {}): string =>
    JSON.stringify({
      choices: [{ delta, index: 0, ...choice, logprobs: null }],
      id,
      model: model.name,
      object: 'chat.completion.chunk',
      ...rest,
    })
  const open = { finish_reason: null }

  return ({ event, data }) => {
    const said = parseObject(data)
    if (said === undefined) return {}
    switch (event) {
      case 'message_start': {
        id = textAt(said, 'message', 'id')
        const prompt = numberAt(said, 'message', 'usage', 'input_tokens')
        const completion = numberAt(said, 'message', 'usage', 'output_tokens')
        const role = textAt(said, 'message', 'role')
        const data = chunk({ content: '', role }, {}, { system_fingerprint: null })
        return { data, usage: { prompt, completion } }
      }
      case 'content_block_start':
      case 'content_block_delta':
        return { data: chunk(deltaOf(said, calls), open) }
      case 'message_delta':
        return { usage: { completion: numberAt(said, 'usage', 'output_tokens') } }
      case 'message_stop':
        return { data: DONE }
      default:
        return {}
    }
  }
}

/** What a block that begins or goes on says, or gives a tool. */
function deltaOf(said: JsonObject, calls: CallDeltas): JsonObject {
  const { content_block: block } = said
  if (at(block, 'type') === 'tool_use') {
    return calls.begun({ id: textAt(block, 'id'), name: textAt(block, 'name') })
  }
  const written = textAt(said, 'delta', 'partial_json')
  if (written !== undefined) return calls.goesOn(written)
  return { content: textAt(said, 'delta', 'text') ?? '' }
}
