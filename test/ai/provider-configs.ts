const CONFIGS: Readonly<Record<string, object>> = {
  azure: {
    provider: 'azure',
    name: 'm',
    options: { azure_instance: 'inst', azure_deployment_id: 'dep' },
  },
  anthropic: { provider: 'anthropic', name: 'm', options: { anthropic_version: '2023-06-01' } },
  cohere: { provider: 'cohere', name: 'm' },
  mistral: { provider: 'mistral', name: 'm', options: { mistral_format: 'openai' } },
  'mistral ollama': {
    provider: 'mistral',
    name: 'm',
    options: { mistral_format: 'ollama', upstream_url: 'http://o.test/api/chat', max_tokens: 4 },
  },
  'llama2 raw': {
    provider: 'llama2',
    name: 'm',
    options: { llama2_format: 'raw', upstream_url: 'http://l.test/raw', max_tokens: 9 },
  },
  'llama2 openai': {
    provider: 'llama2',
    name: 'm',
    options: { llama2_format: 'openai', upstream_url: 'http://l.test/o' },
  },
  'llama2 ollama': {
    provider: 'llama2',
    name: 'm',
    options: { llama2_format: 'ollama', upstream_url: 'http://l.test/api' },
  },
  gemini: { provider: 'gemini', name: 'gemini-1.5/x' },
  'gemini old': { provider: 'gemini', name: 'gemini-1.0-pro' },
  'gemini vertex': {
    provider: 'gemini',
    name: 'gemini-1.5',
    options: {
      gemini: { api_endpoint: 'eu.aiplatform.test', project_id: 'p', location_id: 'l' },
    },
  },
  bedrock: {
    provider: 'bedrock',
    name: 'meta.llama3:0',
    options: { bedrock: { aws_region: 'eu-west-1' } },
  },
  'bedrock titan': {
    provider: 'bedrock',
    name: 'amazon.titan-text-v1',
    options: { bedrock: { aws_region: 'eu-west-1' } },
  },
  huggingface: {
    provider: 'huggingface',
    name: 'org/../m',
    options: { huggingface: { use_cache: true } },
  },
}

/** The configuration for a provider. */
export function provided(name: string) {
  const keys = { aws_access_key_id: 'AKID', aws_secret_access_key: 'sesame' }
  const key = { header_name: 'x-key', header_value: 'sesame' }
  const auth = name.startsWith('bedrock') ? keys : key
  return { route_type: 'llm/v1/chat', auth, model: CONFIGS[name] }
}
