import type { RuntimeName } from '../runtimes/start.ts'

/** A configuration that some runtimes cannot do. */
export interface RefusedRow {
  readonly plugin: string
  readonly config: object
  /** Where it is refused; elsewhere it is taken. */
  readonly on: readonly RuntimeName[]
  /** The reason. */
  readonly says: string
}

const ASKING = {
  prompt: 'Make XML',
  llm: {
    route_type: 'llm/v1/chat',
    auth: { header_name: 'Authorization', header_value: 'Bearer sesame' },
    model: { provider: 'openai', name: 'gpt-4o' },
  },
}

/** What is refused when it is configured, for a runtime has no such way out. */
export const REFUSED_ROWS: readonly RefusedRow[] = [
  {
    plugin: 'syslog',
    config: {},
    on: ['workerd'],
    says: 'there is no system log on this runtime',
  },
  {
    plugin: 'aws-lambda',
    config: { proxy_url: 'http://proxy.test:3128' },
    on: ['workerd'],
    says: 'proxy_url is not supported on this runtime, which makes no calls by a proxy',
  },
  {
    plugin: 'ai-request-transformer',
    config: { ...ASKING, http_proxy_host: 'proxy.test', http_proxy_port: 3128 },
    on: ['workerd'],
    says: 'http_proxy_host is not supported on this runtime, which makes no calls by a proxy',
  },
  {
    plugin: 'ai-response-transformer',
    config: { ...ASKING, https_proxy_host: 'proxy.test', https_proxy_port: 3128 },
    on: ['workerd'],
    says: 'https_proxy_host is not supported on this runtime, which makes no calls by a proxy',
  },
]
