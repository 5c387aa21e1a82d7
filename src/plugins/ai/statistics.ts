import type { Exchange } from '../../pdk/exchange.ts'
import type { Call, Driver, LlmConfig, Usage } from './driver.ts'
import type { JsonObject } from './json-reading.ts'
import { addToAiLog } from './log.ts'

/** What is known of one question once it has been answered. */
export interface Told {
  readonly call: Call
  readonly driver: Driver
  readonly usage: Usage
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
    addToAiLog(exchange, name, { meta: metaOf(told, pluginId), usage: usageOf(told) })
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

function usageOf({ call, usage, latency }: Told): JsonObject {
  const { prompt = 0, completion = 0 } = usage
  const { input_cost: input, output_cost: output } = call.model.options
  const priced = typeof input === 'number' && typeof output === 'number'
  return {
    time_per_token: completion > 0 ? Math.floor(latency / completion) : 0,
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    // Prices are for a million tokens.
    cost: priced ? (prompt * input + completion * output) / 1_000_000 : 0,
  }
}
