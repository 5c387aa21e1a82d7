import { readUpTo } from '../../lib/body-reading.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { Asked } from './asked.ts'
import { composedAnswer } from './composed-answer.ts'
import type { LlmConfig } from './driver.ts'
import { readEvents } from './event-reader.ts'
import { inflated } from './inflate.ts'
import { type JsonObject, numberAt, parseObject, textAt } from './json-reading.ts'
import { mapAnswer } from './map-answer.ts'
import { mapStream, type StreamTold, watchStream } from './map-stream.ts'
import { estimatedCompletion } from './words.ts'

/** What answering needs to know. */
export interface Answering {
  readonly config: LlmConfig
  readonly modelHeader: boolean
  readonly kit: Pick<Kit, 'runtime' | 'bodyLimit'>
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Bytes of one event of a stream; a model says a few words in each. */
const LONGEST_EVENT = 1_048_576

/** Kong: these set cookies that are nobody's business. */
const COOKIES = new Set(['openai', 'azure', 'mistral', 'gemini', 'bedrock'])

/** Takes the cookies of a provider away, from refusals too. */
export function withoutCookies({ response }: Exchange, { question }: Asked): void {
  if (COOKIES.has(question.call.model.provider)) response.headers.delete('Set-Cookie')
}

/** Puts a model's answer in OpenAI's words on its way to the client. */
export async function passAnswer(
  exchange: Exchange,
  asked: Asked,
  answering: Answering,
): Promise<void> {
  const { response } = exchange
  const { call } = asked.question
  const { provider, name } = call.model
  // Kong: who debugs is told, whatever the configuration says.
  if (answering.modelHeader || exchange.request.headers.has('kong-debug')) {
    response.headers.set('X-Kong-LLM-Model', `${provider}/${name}`)
  }
  if (asked.question.native !== undefined) return nativeAnswer(exchange, asked, answering)
  if (call.route === 'preserve') return watchAnswer(exchange, asked, answering)
  if (call.streaming) streamAnswer(exchange, asked, answering)
  else await wholeAnswer(exchange, asked, answering)
}

function streamAnswer({ response }: Exchange, asked: Asked, answering: Answering): void {
  const { driver, call } = asked.question
  const { config, kit } = answering
  const mapper = driver.events(call)
  if (mapper === undefined) return
  const type = (response.headers.get('content-type') ?? '').toLowerCase()
  const packed = isPacked(response.headers.get('content-encoding'))
  response.headers.delete('Content-Encoding')
  response.headers.set('Content-Type', 'text/event-stream')
  response.transform((body) =>
    mapStream(packed ? inflated(body) : body, {
      reader: readEvents(type, Math.min(kit.bodyLimit, LONGEST_EVENT)),
      mapper,
      keep: config.logging.log_payloads,
      ended: (told) => noteStream(asked, told, kit),
    }),
  )
}

async function wholeAnswer(exchange: Exchange, asked: Asked, { kit }: Answering): Promise<void> {
  const { response } = exchange
  const { driver, call } = asked.question
  const text = await readAnswer(exchange, kit.bodyLimit)
  const mapped =
    text === undefined
      ? { error: 'no response body found when transforming response' }
      : mapAnswer(driver, call, text)
  response.headers.delete('Content-Encoding')
  if ('error' in mapped) {
    kit.runtime.log('error', 'Cannot read the answer of a model', { error: mapped.error })
    response.status = 500
    response.headers.set('Content-Type', 'application/json')
    const said = JSON.stringify({ error: { message: mapped.error } })
    response.setBody(encoder.encode(said))
    note(asked, { text: said, answer: {} }, kit)
    return
  }
  response.setBody(encoder.encode(mapped.text))
  note(asked, mapped, kit)
}

/** An answer in its provider's own words passes in them, whole or streamed. */
async function nativeAnswer(exchange: Exchange, asked: Asked, answering: Answering): Promise<void> {
  const { driver, call, native } = asked.question
  const { config, kit } = answering
  if (!call.streaming) return watchAnswer(exchange, asked, answering)
  const { log_statistics: counts, log_payloads: words } = config.logging
  const mapper = driver.events(call)
  const { response } = exchange
  const packed = response.headers.has('content-encoding')
  if (mapper === undefined || native === undefined || packed || !(counts || words)) return
  const type = (response.headers.get('content-type') ?? '').toLowerCase()
  response.transform((body) =>
    watchStream(body, {
      reader: readEvents(type, Math.min(kit.bodyLimit, LONGEST_EVENT)),
      mapper,
      keep: words,
      ended: (told) => noteStream(asked, told, kit),
    }),
  )
}

/** What passes as it is, refusals too, is only counted, and that where somebody wants to know. */
export async function watchAnswer(
  exchange: Exchange,
  asked: Asked,
  { config, kit }: Pick<Answering, 'config' | 'kit'>,
): Promise<void> {
  const { log_statistics: counts, log_payloads: words } = config.logging
  const encoding = exchange.response.headers.get('content-encoding')
  const readable = encoding === undefined || isPacked(encoding)
  if (asked.question.call.streaming || !readable || !(counts || words)) return
  const text = await readAnswer(exchange, kit.bodyLimit)
  if (text === undefined) return
  const answer = parseObject(text) ?? {}
  const { native } = asked.question
  if (native === undefined) return note(asked, { text, answer }, kit)
  const [usage, responseModel] = [native.usage(answer), native.responseModel(answer)]
  asked.answer = { usage, responseModel, text, latency: kit.runtime.now() - asked.at }
}

function noteStream(asked: Asked, told: StreamTold, { runtime }: Answering['kit']): void {
  const usage = { ...told.usage, prompt: told.usage.prompt ?? asked.estimated }
  const { responseModel } = told
  const latency = runtime.now() - asked.at
  asked.answer = { usage, responseModel, text: composedAnswer(told, usage), latency }
}

function note(
  asked: Asked,
  { text, answer }: { readonly text: string; readonly answer: JsonObject },
  { runtime }: Answering['kit'],
): void {
  asked.answer = {
    usage: {
      prompt: numberAt(answer, 'usage', 'prompt_tokens') ?? asked.estimated,
      completion: numberAt(answer, 'usage', 'completion_tokens') ?? estimatedCompletion(answer),
    },
    responseModel: textAt(answer, 'model'),
    text,
    latency: runtime.now() - asked.at,
  }
}

/** The whole answer as it was before it was compressed; undefined when it is too long or broken. */
export async function readAnswer(
  { response }: Exchange,
  limit: number,
): Promise<string | undefined> {
  const bytes = await response.readBody(limit)
  if (bytes === undefined) return undefined
  if (!isPacked(response.headers.get('content-encoding'))) return decoder.decode(bytes)
  try {
    const read = await readUpTo(inflated(bytes), limit)
    return 'whole' in read ? decoder.decode(read.whole) : undefined
  } catch {
    return undefined
  }
}

function isPacked(encoding: string | undefined): boolean {
  return encoding?.toLowerCase() === 'gzip'
}
