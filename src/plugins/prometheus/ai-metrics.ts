import type { LogRecord } from '../../pdk/log-record.ts'
import { isObject } from '../../schema/field.ts'
import { numberAt, textAt } from '../ai/json-reading.ts'
import type { RequestMetrics } from './request-metrics.ts'

/** What is counted of models. */
export type AiCounts = Pick<RequestMetrics, 'count' | 'observe'>

/** Counts what the AI plugins tell of a request; they do where their `log_statistics` is on. */
export function countModels(metrics: AiCounts, record: LogRecord, workspace: string): void {
  if (!isObject(record.ai)) return
  for (const told of Object.values(record.ai)) countModel(metrics, told, workspace)
}

const KINDS = ['prompt_tokens', 'completion_tokens', 'total_tokens'] as const

/** Of Kong's labels those of its caches are empty: only its Enterprise edition has them. */
function countModel(metrics: AiCounts, told: unknown, workspace: string): void {
  const provider = textAt(told, 'meta', 'provider_name')
  if (provider === undefined) return
  const model = {
    ai_provider: provider,
    ai_model: textAt(told, 'meta', 'request_model') ?? '',
    cache_status: '',
    vector_db: '',
    embeddings_provider: '',
    embeddings_model: '',
  }
  const labels = { ...model, workspace }
  metrics.count('aiRequests', labels, 1)
  const cost = numberAt(told, 'usage', 'cost') ?? 0
  if (cost > 0) metrics.count('aiCost', labels, cost)
  const latency = numberAt(told, 'meta', 'llm_latency') ?? 0
  if (latency > 0) metrics.observe('aiLatency', labels, latency)
  for (const token_type of KINDS) {
    const tokens = numberAt(told, 'usage', token_type) ?? 0
    if (tokens > 0) metrics.count('aiTokens', { ...model, token_type, workspace }, tokens)
  }
}
