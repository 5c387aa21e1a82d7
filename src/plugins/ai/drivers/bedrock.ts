import { isObject } from '../../../schema/field.ts'
import {
  type Call,
  DONE,
  type Driver,
  type EventMapper,
  type Model,
  type Unmapped,
  unmapped,
} from '../driver.ts'
import { at, type JsonObject, listAt, numberAt, parseObject, textAt } from '../json-reading.ts'
import { mergeOptions } from '../merge-options.ts'
import { callsOf, toolConfigOf, turnOf } from './bedrock-tools.ts'
import { type CallDeltas, createCallDeltas, writtenCalls } from './openai-tools.ts'

/** Amazon Bedrock, by its Converse API. */
export const bedrock: Driver = {
  url({ model, streaming }) {
    const region = model.options.bedrock?.aws_region ?? ''
    const operation = streaming ? 'converse-stream' : 'converse'
    const name = encodeURIComponent(model.name)
    return `https://bedrock-runtime.${region}.amazonaws.com/model/${name}/${operation}`
  },
  pathOverUrl: true,
  request: (body, call) => (call.route === 'llm/v1/chat' ? converse(body, call) : NO_CHAT),
  answer: (answer, call) => (call.route === 'llm/v1/chat' ? conversed(answer, call) : NO_CHAT),
  events: (call) => (call.route === 'llm/v1/chat' ? converseEvents(call) : undefined),
  takesNoSystem,
}

const NO_CHAT = unmapped('only llm/v1/chat is known')

/** Models that are told nothing by a system. */
const NO_SYSTEM =
  /amazon\.titan-|cohere\.command-text-|cohere\.command-light-text-|mistral\.mistral-7b-instruct-|mistral\.mixtral-8x7b-instruct-/

function takesNoSystem({ name }: Model): boolean {
  return NO_SYSTEM.test(name)
}

function converse(body: JsonObject, { model }: Call): JsonObject | Unmapped {
  const merged = mergeOptions(body, model.options)
  const messages = listAt(body, 'messages')
  const isSystem = (message: unknown): boolean => at(message, 'role') === 'system'
  const system = messages.filter(isSystem).map((message) => ({ text: at(message, 'content') }))
  if (system.length > 0 && takesNoSystem(model)) {
    return unmapped(`system prompts are unsupported for model '${model.name}`)
  }
  const own = isObject(body.bedrock) ? body.bedrock : {}
  return {
    anthropic_version: model.options.anthropic_version ?? 'bedrock-2023-05-31',
    messages: messages.filter((message) => !isSystem(message)).map(turnOf),
    ...(system.length === 0 ? {} : { system }),
    inferenceConfig: {
      maxTokens: merged.max_tokens,
      stopSequences: merged.stop,
      temperature: merged.temperature,
      topP: merged.top_p,
    },
    toolConfig: toolConfigOf(body),
    additionalModelRequestFields: own.additionalModelRequestFields,
    guardrailConfig: body.guardrailConfig,
  }
}

function conversed(answer: unknown, { model }: Call): JsonObject | Unmapped {
  if (!isObject(answer)) return unmapped('failed to decode response from Bedrock')
  const parts = listAt(answer, 'output', 'message', 'content')
  const content = parts.flatMap((part) => textAt(part, 'text') ?? [])[0]
  const tool_calls = writtenCalls(callsOf(parts))
  if (content === undefined && tool_calls === undefined) {
    return unmapped('no generation candidates received from Bedrock, or max_tokens too short')
  }
  const message = { role: 'assistant', content, tool_calls }
  const finish_reason = textAt(answer, 'stopReason')?.toLowerCase()
  const { usage } = answer
  return {
    choices: [{ index: 0, message, finish_reason }],
    object: 'chat.completion',
    model: model.name,
    ...(isObject(usage) ? { usage: usageOf(usage) } : {}),
  }
}

function usageOf(usage: JsonObject): JsonObject {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.totalTokens,
  }
}

function converseEvents({ model }: Call): EventMapper {
  const calls = createCallDeltas()
  const chunk = (choice: JsonObject, rest: JsonObject = {}): string =>
    JSON.stringify({
      choices: [{ ...choice, index: 0, logprobs: null }],
      model: model.name,
      object: 'chat.completion.chunk',
      ...rest,
    })
  return ({ event, data }) => {
    const said = parseObject(data)
    switch (event) {
      case 'messageStart':
        return {
          data: chunk(
            { delta: { content: '', role: at(said, 'role') } },
            { system_fingerprint: null },
          ),
        }
      case 'contentBlockStart':
      case 'contentBlockDelta': {
        const delta = deltaOf(said, calls)
        return delta === undefined ? {} : { data: chunk({ delta, finish_reason: null }) }
      }
      case 'messageStop':
        return { data: chunk({ delta: {}, finish_reason: at(said, 'stopReason') }) }
      case 'metadata': {
        const prompt = numberAt(said, 'usage', 'inputTokens') ?? 0
        const completion = numberAt(said, 'usage', 'outputTokens') ?? 0
        return { data: DONE, usage: { prompt, completion } }
      }
      default:
        return {}
    }
  }
}

/** What a block that begins or goes on says, or gives a tool; undefined for neither. */
function deltaOf(said: unknown, calls: CallDeltas): JsonObject | undefined {
  const begun = at(said, 'start', 'toolUse')
  if (isObject(begun)) {
    return calls.begun({ id: textAt(begun, 'toolUseId'), name: textAt(begun, 'name') })
  }
  const delta = at(said, 'delta')
  if (delta === undefined) return undefined
  const written = textAt(delta, 'toolUse', 'input')
  return written === undefined ? { content: textAt(delta, 'text') ?? '' } : calls.goesOn(written)
}
