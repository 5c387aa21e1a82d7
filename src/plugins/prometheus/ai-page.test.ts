import { describe, expect, it } from 'vitest'
import { openChat, says } from '../../../test/ai/chat-rig.ts'
import { provided } from '../../../test/ai/provider-configs.ts'
import { clientRequest, textOf } from '../../../test/proxy/fakes.ts'

const ANSWER = {
  model: 'gpt-4o-2024',
  choices: [{ message: { content: '2' } }],
  usage: { prompt_tokens: 25, completion_tokens: 12, total_tokens: 37 },
}
const MODEL =
  'ai_provider="openai",ai_model="gpt-4o",cache_status="",vector_db="",embeddings_provider="",embeddings_model=""'
const tokens = (kind: string, count: number) =>
  `kong_ai_llm_tokens_total{${MODEL},token_type="${kind}",workspace="default"} ${count}`

async function pageOf(prometheus: object, bodies: readonly unknown[]) {
  const options = { input_cost: 10, output_cost: 10 }
  const model = { provider: 'openai', name: 'gpt-4o', options }
  const config = { ...provided('azure'), model, logging: { log_statistics: true } }
  let tick = () => {}
  const rig = await openChat(
    [
      { name: 'ai-proxy', config },
      { name: 'prometheus', config: prometheus },
    ],
    () => {
      tick()
      return says(ANSWER)
    },
  )
  tick = () => {
    rig.runtime.time += 130
  }
  for (const body of bodies) await rig.send(body)
  const page = await rig.gateway.handleStatus(clientRequest({ target: '/metrics' }))
  return (await textOf(page.body)).split('\n').filter((line) => line.startsWith('kong_ai_'))
}

const CHAT = { messages: [{ role: 'user', content: 'What is 1 + 1?' }] }

describe('what models cost', () => {
  it('is told where it is asked for', async () => {
    const lines = await pageOf({ ai_metrics: true }, [CHAT, CHAT, { messages: 'none' }])
    expect(lines.filter((line) => !line.includes('_bucket'))).toEqual([
      `kong_ai_llm_requests_total{${MODEL},workspace="default"} 2`,
      `kong_ai_llm_cost_total{${MODEL},workspace="default"} 0.00074`,
      tokens('prompt_tokens', 50),
      tokens('completion_tokens', 24),
      tokens('total_tokens', 74),
      `kong_ai_llm_provider_latency_ms_sum{${MODEL},workspace="default"} 260`,
      `kong_ai_llm_provider_latency_ms_count{${MODEL},workspace="default"} 2`,
    ])
    const bounds = lines.flatMap((line) => /le="([^"]+)"/.exec(line)?.[1] ?? [])
    expect([bounds.length, bounds[0], bounds.at(-1)]).toEqual([15, '250', '+Inf'])
  })

  it('is not told else', async () => {
    expect(await pageOf({ status_code_metrics: true }, [CHAT])).toEqual([])
  })
})
