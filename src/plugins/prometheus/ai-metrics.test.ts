import { expect, it } from 'vitest'
import type { LogRecord } from '../../pdk/log-record.ts'
import { type AiCounts, countModels } from './ai-metrics.ts'

const NONE = {
  cache_status: '',
  vector_db: '',
  embeddings_provider: '',
  embeddings_model: '',
}
const meta = { provider_name: 'openai', request_model: 'gpt-4o', llm_latency: 130 }
const usage = { prompt_tokens: 25, completion_tokens: 12, total_tokens: 37, cost: 0.00037 }
const labels = { ai_provider: 'openai', ai_model: 'gpt-4o', ...NONE }
const all = { ...labels, workspace: 'default' }

it.each([
  { told: undefined, counted: [] },
  {
    told: { proxy: { payload: { request: 'x' } }, payload: { original_request: 'y' } },
    counted: [],
  },
  {
    told: { proxy: { meta, usage } },
    counted: [
      ['aiRequests', all, 1],
      ['aiCost', all, 0.00037],
      ['aiLatency', all, 130],
      ['aiTokens', { ...labels, token_type: 'prompt_tokens', workspace: 'default' }, 25],
      ['aiTokens', { ...labels, token_type: 'completion_tokens', workspace: 'default' }, 12],
      ['aiTokens', { ...labels, token_type: 'total_tokens', workspace: 'default' }, 37],
    ],
  },
  {
    told: { 'ai-request-transformer': { meta: { ...meta, llm_latency: 0 } } },
    counted: [['aiRequests', all, 1]],
  },
])('counts of $told', ({ told, counted }) => {
  const calls: unknown[] = []
  const metrics: AiCounts = {
    count: (...call) => calls.push(call),
    observe: (...call) => calls.push(call),
  }
  countModels(metrics, { ai: told } as unknown as LogRecord, 'default')
  expect(calls).toEqual(counted)
})
