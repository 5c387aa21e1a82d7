import { port } from '../entities/fields.ts'
import { checkHost } from '../entities/texts.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { llm, maxRequestBodySize, transformerChecks } from './llm-fields.ts'

/** Has a model rewrite the request. */
export const aiRequestTransformer = definePlugin({
  name: 'ai-request-transformer',
  priority: 777,
  protocolsFirst: true,
  unscoped: ['consumer'],
  config: {
    type: 'record',
    required: true,
    fields: {
      prompt: { type: 'string', required: true },
      transformation_extract_pattern: { type: 'string', required: false },
      http_timeout: { type: 'integer', required: true, default: 60000 },
      https_verify: { type: 'boolean', required: true, default: true },
      max_request_body_size: maxRequestBodySize,
      http_proxy_host: { type: 'string', check: checkHost },
      http_proxy_port: port,
      https_proxy_host: { type: 'string', check: checkHost },
      https_proxy_port: port,
      llm,
    },
  },
  entityChecks: transformerChecks,
})
