import { port } from '../../entities/fields.ts'
import { checkHost } from '../../entities/texts.ts'
import { type EntityCheck, isObject } from '../../schema/field.ts'
import { checkUrl } from '../fields/url.ts'

/** Bytes of a request that are read, and looked at, at most. */
export const maxRequestBodySize = { type: 'integer', default: 8192, gt: 0 } as const

/** The dialect clients speak. */
export const llmFormat = {
  type: 'string',
  required: false,
  default: 'openai',
  one_of: ['openai', 'bedrock', 'gemini'],
} as const

const text = { type: 'string', required: false } as const
const reference = { ...text, referenceable: true } as const
const secret = { ...reference, encrypted: true } as const
const refused = { type: 'boolean', required: false, default: false } as const

const auth = {
  type: 'record',
  required: false,
  fields: {
    header_name: reference,
    header_value: secret,
    param_name: reference,
    param_value: secret,
    param_location: { ...text, one_of: ['query', 'body'] },
    gcp_use_service_account: refused,
    gcp_service_account_json: reference,
    aws_access_key_id: secret,
    aws_secret_access_key: secret,
    allow_override: refused,
  },
} as const

const modelOptions = {
  type: 'record',
  required: false,
  fields: {
    max_tokens: { type: 'integer', required: false },
    input_cost: { type: 'number', required: false, gt: 0 },
    output_cost: { type: 'number', required: false, gt: 0 },
    temperature: { type: 'number', required: false, between: [0, 5] },
    top_p: { type: 'number', required: false, between: [0, 1] },
    top_k: { type: 'integer', required: false, between: [0, 500] },
    anthropic_version: text,
    azure_instance: text,
    azure_api_version: { ...text, default: '2023-05-15' },
    azure_deployment_id: text,
    llama2_format: { ...text, one_of: ['raw', 'openai', 'ollama'] },
    mistral_format: { ...text, one_of: ['openai', 'ollama'] },
    upstream_url: { ...text, check: checkUrl },
    upstream_path: { ...text, deprecation: { removal_in_version: '4.0' } },
    gemini: {
      type: 'record',
      required: false,
      fields: { api_endpoint: text, project_id: text, location_id: text },
      entity_checks: [{ mutually_required: ['api_endpoint', 'project_id', 'location_id'] }],
    },
    bedrock: { type: 'record', required: false, fields: { aws_region: text } },
    huggingface: {
      type: 'record',
      required: false,
      fields: {
        use_cache: { type: 'boolean', required: false },
        wait_for_model: { type: 'boolean', required: false },
      },
    },
  },
} as const

const PROVIDERS = [
  'openai',
  'azure',
  'anthropic',
  'cohere',
  'mistral',
  'llama2',
  'gemini',
  'bedrock',
  'huggingface',
] as const

/** A model, who serves it, and how to be let in. */
export const llmFields = {
  route_type: {
    type: 'string',
    required: true,
    one_of: ['llm/v1/chat', 'llm/v1/completions', 'preserve'],
  },
  auth,
  model: {
    type: 'record',
    required: true,
    fields: {
      provider: { type: 'string', required: true, one_of: PROVIDERS },
      name: text,
      options: modelOptions,
    },
  },
  logging: {
    type: 'record',
    required: true,
    fields: {
      log_statistics: { type: 'boolean', required: true, default: false },
      log_payloads: { type: 'boolean', required: true, default: false },
    },
  },
} as const

/** What the providers need to be told. */
export const llmChecks: readonly EntityCheck[] = [
  {
    conditional: {
      if_field: 'model.provider',
      if_match: { one_of: ['bedrock', 'gemini'] },
      then_field: 'auth.allow_override',
      then_match: { eq: false },
      then_err: 'bedrock and gemini only support auth.allow_override = false',
    },
  },
  { mutually_required: ['auth.header_name', 'auth.header_value'] },
  { mutually_required: ['auth.param_name', 'auth.param_value', 'auth.param_location'] },
  needsOption('llama2', 'llama2_format'),
  needsOption('mistral', 'mistral_format'),
  needsOption('anthropic', 'anthropic_version'),
  needsOption('azure', 'azure_instance'),
  needsOption('azure', 'azure_api_version'),
  needsOption('azure', 'azure_deployment_id'),
  needsOption('llama2', 'upstream_url', 'self-hosted providers/models'),
  {
    custom_entity_check: {
      field_sources: ['route_type', 'model', 'logging'],
      check: checkStatistics,
    },
  },
]

/** The same as one member of a config. */
export const llm = {
  type: 'record',
  required: true,
  fields: llmFields,
  entity_checks: llmChecks,
} as const

/** What both transformers ask of their model and of the proxies on the way to it. */
export const transformerChecks: readonly EntityCheck[] = [
  {
    conditional: {
      if_field: 'config.llm.route_type',
      if_match: { not_one_of: ['llm/v1/chat'] },
      then_field: 'config.llm.route_type',
      then_match: { eq: 'llm/v1/chat' },
      then_err: "'config.llm.route_type' must be 'llm/v1/chat' for AI transformer plugins",
    },
  },
  { mutually_required: ['config.http_proxy_host', 'config.http_proxy_port'] },
  { mutually_required: ['config.https_proxy_host', 'config.https_proxy_port'] },
]

/** How the plugins that rewrite ask their model; the end of their fields, in Kong's order. */
export const askingFields = {
  http_timeout: { type: 'integer', required: true, default: 60000 },
  https_verify: { type: 'boolean', required: true, default: true },
  max_request_body_size: maxRequestBodySize,
  http_proxy_host: { type: 'string', check: checkHost },
  http_proxy_port: port,
  https_proxy_host: { type: 'string', check: checkHost },
  https_proxy_port: port,
  llm,
} as const

function needsOption(
  provider: string,
  option: string,
  named = `${provider} provider`,
): EntityCheck {
  return {
    conditional_at_least_one_of: {
      if_field: 'model.provider',
      if_match: { one_of: [provider] },
      then_at_least_one_of: [`model.options.${option}`],
      then_err: `must set %s for ${named}`,
    },
  }
}

/** Anthropic counts no tokens for plain completions. */
function checkStatistics(value: Readonly<Record<string, unknown>>): string | undefined {
  const counted = isObject(value.logging) && value.logging.log_statistics === true
  const provider = isObject(value.model) ? value.model.provider : undefined
  return counted && provider === 'anthropic' && value.route_type === 'llm/v1/completions'
    ? 'anthropic does not support statistics when route_type is llm/v1/completions'
    : undefined
}
