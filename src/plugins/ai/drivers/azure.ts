import type { Driver } from '../driver.ts'
import { openAiAnswer, openAiEvents, openAiRequest } from './openai.ts'

const PATHS = {
  'llm/v1/chat': '/chat/completions',
  'llm/v1/completions': '/completions',
  preserve: '/',
} as const

/** OpenAI's models at Azure: an instance, and a deployment in it. */
export const azure: Driver = {
  url({ model: { options }, route }) {
    // What a request may have said must not lead elsewhere: a host takes no encoded char.
    const instance = encodeURIComponent(options.azure_instance ?? '')
    const deployment = encodeURIComponent(options.azure_deployment_id ?? '')
    const path = options.upstream_path ?? PATHS[route]
    return `https://${instance}.openai.azure.com/openai/deployments/${deployment}${path}`
  },
  query: ({ model: { options } }) => [['api-version', options.azure_api_version ?? '']],
  pathInUrl: true,
  request: openAiRequest,
  answer: openAiAnswer,
  events: () => openAiEvents,
  meta: ({ model: { options } }) => ({
    azure_instance_id: options.azure_instance,
    azure_deployment_id: options.azure_deployment_id,
    azure_api_version: options.azure_api_version,
  }),
}
