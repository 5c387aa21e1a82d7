import type { ClientSide } from '../../pdk/exchange.ts'
import {
  type Call,
  type Driver,
  isUnmapped,
  type LlmConfig,
  type Model,
  type RouteType,
  type Unmapped,
  unmapped,
} from './driver.ts'
import { drivers } from './drivers/all.ts'
import type { JsonObject } from './json-reading.ts'
import { modelChooser } from './model-of.ts'
import { type NativeFormat, nativeFormat } from './native-format.ts'

/** A client's question, checked. */
export interface Question {
  readonly driver: Driver
  readonly call: Call
  readonly body: JsonObject
  /** The dialect that it is asked and answered in; absent where that is OpenAI's. */
  readonly native?: NativeFormat | undefined
}

/** When answers are streamed. */
export type Streaming = 'allow' | 'deny' | 'always' | null

type Asked = Pick<ClientSide, 'headers' | 'queryArg' | 'captures' | 'rawPath'>

/** How clients may ask. */
export interface Asking {
  readonly streaming: Streaming
  /** `llm_format`. */
  readonly format: string | null
}

/** Prepares the check of questions; the reason is told the client. */
export function questionReader(
  config: LlmConfig,
  { streaming, format }: Asking,
): (asked: Asked, given: JsonObject) => Question | Unmapped {
  const choose = modelChooser(config)
  const { route_type: route, model } = config
  const driver = drivers[model.provider]
  const native = nativeFormat(format)

  return (asked, given) => {
    const chosen = choose(asked)
    if ('error' in chosen) return chosen
    const body = native === undefined ? given : native.question(asked, given)
    if (route !== 'preserve' && !asksAnything(body)) return unmapped(NOTHING_ASKED)
    const name = nameOf(chosen.name, body.model)
    if (typeof name !== 'string') return name
    const mismatch = route === 'preserve' ? undefined : mismatchOf(body, route)
    if (mismatch !== undefined) return unmapped(mismatch)
    const asks = isTruthy(body.stream)
    if (asks && streaming === 'deny') return unmapped(NO_STREAMS)
    const named: Model = { provider: model.provider, name, options: chosen.options }
    const streamed = streamable(driver, { model: named, route, streaming: true })
    if (asks && !streamed) return unmapped(NO_STREAMS)
    const call = { model: named, route, streaming: streamed && (asks || streaming === 'always') }
    if (native !== undefined) return { driver, call, body: given, native }
    return { driver, call, body: call.streaming ? { ...body, stream: true } : body }
  }
}

const NOTHING_ASKED = "request body doesn't contain valid prompts"
const NO_STREAMS = 'response streaming is not enabled for this LLM'
const NO_MODEL = 'model parameter not found in request, nor in gateway configuration'

function streamable(driver: Driver, call: Call): boolean {
  return call.route === 'preserve' || driver.events(call) !== undefined
}

function asksAnything({ messages, prompt }: JsonObject): boolean {
  return (Array.isArray(messages) && messages.length > 0) || typeof prompt === 'string'
}

/** Kong: the operator's model, and where there is none the client's. */
function nameOf(configured: string | undefined, asked: unknown): string | Unmapped {
  const own = typeof asked === 'string' ? asked : undefined
  const name = configured ?? own
  if (own !== undefined && own !== '' && own !== name) {
    return unmapped(`cannot use own model - must be: ${name}`)
  }
  return name ?? unmapped(NO_MODEL)
}

function mismatchOf({ messages, prompt }: JsonObject, route: RouteType): string | undefined {
  const chat = Array.isArray(messages) && messages.length > 0
  if (chat && typeof prompt === 'string') return 'request matches multiple LLM request formats'
  const format = chat ? 'llm/v1/chat' : 'llm/v1/completions'
  return format === route
    ? undefined
    : `[${format}] message format is not compatible with [${route}] route type`
}

function isTruthy(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false
}

/** The question as its provider wants it. */
export function providerBody({ driver, call, body }: Question): JsonObject | Unmapped {
  const mapped = driver.request(body, call)
  if (!isUnmapped(mapped)) return mapped
  const { provider } = call.model
  // Kong: these two say why.
  const why = provider === 'gemini' || provider === 'bedrock' ? `: ${mapped.error}` : ''
  return unmapped(`error transforming to ${provider}://${call.route}${why}`)
}
