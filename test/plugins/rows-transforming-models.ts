import type { PluginConfig, PluginRow } from './rows-row.ts'

/** The row's own upstream stands in for the model, which says nothing a model says. */
const transformer = (name: string, more: { url?: string; max_request_body_size?: number } = {}) => {
  const { url = 'http://127.0.0.1:{port}/model', ...config } = more
  const plugins = [
    {
      name,
      config: {
        prompt: 'Make XML',
        llm: {
          route_type: 'llm/v1/chat',
          auth: { header_name: 'Authorization', header_value: 'Bearer of-the-gateway' },
          model: { provider: 'openai', name: 'gpt-4o', options: { upstream_url: url } },
        },
        ...config,
      },
    },
  ] satisfies readonly PluginConfig[]
  return plugins
}

const refused = (message: string): string => JSON.stringify({ error: { message } })

const NO_CHOICES = refused(
  "failed to convert AI response to Kong format: transformation failed from type openai://llm/v1/chat: 'choices' not in llm/v1/chat response",
)
const AWAY =
  /^\{"error":\{"message":"failed to introspect request with AI service: request to ai service failed: .+"\}\}$/

// Nothing listens there: the port of discard.
const NOWHERE = 'http://127.0.0.1:9/model'

const ASKED = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'hello' }

/** Models that rewrite requests and answers, and fail at it. */
export const TRANSFORMING_MODEL_ROWS: readonly PluginRow[] = [
  {
    what: 'ai-request-transformer: a body that is too long',
    plugins: transformer('ai-request-transformer', { max_request_body_size: 3 }),
    asked: ASKED,
    status: 400,
    body: refused('request body is longer than max_request_body_size'),
  },
  {
    what: 'ai-request-transformer: a model asked with the key of the gateway, that says nothing a model says',
    plugins: transformer('ai-request-transformer'),
    asked: ASKED,
    status: 400,
    body: NO_CHOICES,
    upstream: { authorization: 'Bearer of-the-gateway' },
    upstreamMethod: 'POST',
    upstreamBody: /"role":"system","content":"Make XML".*"role":"user","content":"hello"/,
    reached: 1,
  },
  {
    what: 'ai-request-transformer: a model that is away',
    plugins: transformer('ai-request-transformer', { url: NOWHERE }),
    asked: ASKED,
    status: 400,
    body: AWAY,
    reached: 0,
  },
  {
    what: 'ai-response-transformer: a model that says nothing a model says of the answer',
    plugins: transformer('ai-response-transformer'),
    asked: ASKED,
    status: 400,
    body: NO_CHOICES,
    upstream: { authorization: 'Bearer of-the-gateway' },
    upstreamBody: /"role":"system","content":"Make XML".*"role":"user","content":".*target/,
    reached: 2,
  },
  {
    what: 'ai-response-transformer: a model that is away',
    plugins: transformer('ai-response-transformer', { url: NOWHERE }),
    asked: ASKED,
    status: 400,
    body: AWAY,
    reached: 1,
  },
]
