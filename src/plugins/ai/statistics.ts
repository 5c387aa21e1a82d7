import type { Exchange } from '../../pdk/exchange.ts'
import type { Call, Driver, LlmConfig, Usage } from './driver.ts'
import { type JsonObject, numberAt } from './json-reading.ts'
import { addToAiLog } from './log.ts'

/** What is known of one question once it has been answered. */
export interface Told {
  readonly call: Call
  readonly driver: Driver
  /** What is told of it beside who was asked. */
  readonly statistics: JsonObject
  readonly responseModel: string | undefined
  /** Milliseconds until all of the answer was there. */
  readonly latency: number
  readonly request: string
  readonly response: string | undefined
}

/** Has the log told of a question what the configuration wants told. `name` is who asked. */
export function logTold(
  exchange: Exchange,
  { config, name, pluginId }: { config: LlmConfig; name: string; pluginId: string },
  told: Told,
): void {
  if (config.logging.log_statistics) {
    addToAiLog(exchange, name, { meta: metaOf(told, pluginId), ...told.statistics })
  }
  if (config.logging.log_payloads) {
    addToAiLog(exchange, name, { payload: { request: told.request, response: told.response } })
  }
}

function metaOf({ call, driver, responseModel, latency }: Told, pluginId: string): JsonObject {
  const { provider, name } = call.model
  return {
    plugin_id: pluginId,
    provider_name: provider,
    request_model: name,
    response_model: responseModel ?? name,
    llm_latency: latency,
    ...driver.meta?.(call),
  }
}

type Spent = Pick<Told, 'call' | 'latency'>

/** Tokens, time and cost of a question, counted or guessed. */
export function usageOf(usage: Usage, { call, latency }: Spent): JsonObject {
  const { prompt = 0, completion = 0 } = usage
  return {
    time_per_token: timePerToken(latency, completion),
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    cost: costOf(call, { prompt, completion }) ?? 0,
  }
}

/** The same of an answer in OpenAI's words, and no more than it tells. */
export function toldUsage(usage: unknown, { call, latency }: Spent): JsonObject {
  const prompt = numberAt(usage, 'prompt_tokens')
  const completion = numberAt(usage, 'completion_tokens')
  return {
    time_per_token: completion === undefined ? undefined : timePerToken(latency, completion),
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: numberAt(usage, 'total_tokens'),
    cost: costOf(call, { prompt, completion }),
  }
}

function timePerToken(latency: number, completion: number): number {
  return completion > 0 ? Math.floor(latency / completion) : 0
}

/** Prices are for a million tokens. */
function costOf({ model }: Call, { prompt, completion }: Usage): number | undefined {
  const { input_cost: input, output_cost: output } = model.options
  if (typeof input !== 'number' || typeof output !== 'number') return undefined
  if (prompt === undefined || completion === undefined) return undefined
  return (prompt * input + completion * output) / 1_000_000
}
