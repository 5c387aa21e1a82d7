import { definePlugin } from '../pdk/plugin.ts'
import { llmChecks, llmFields, llmFormat, maxRequestBodySize } from './llm-fields.ts'

/** Speaks to models of many providers in one format. */
export const aiProxy = definePlugin({
  name: 'ai-proxy',
  priority: 770,
  config: {
    type: 'record',
    required: true,
    fields: {
      ...llmFields,
      response_streaming: {
        type: 'string',
        required: false,
        default: 'allow',
        one_of: ['allow', 'deny', 'always'],
      },
      max_request_body_size: maxRequestBodySize,
      model_name_header: { type: 'boolean', default: true },
      llm_format: llmFormat,
    },
    entity_checks: llmChecks,
  },
  entityChecks: [
    {
      conditional: {
        if_field: 'config.llm_format',
        if_match: { one_of: ['bedrock', 'gemini'] },
        then_field: 'config.route_type',
        then_match: { eq: 'llm/v1/chat' },
        then_err:
          "native provider options in llm_format can only be used with the 'llm/v1/chat' route_type",
      },
    },
    {
      conditional: {
        if_field: 'config.llm_format',
        if_match: { eq: 'bedrock' },
        then_field: 'config.model.provider',
        then_match: { eq: 'bedrock' },
        then_err: "native llm_format 'bedrock' can only be used with the 'bedrock' model.provider",
      },
    },
    {
      conditional: {
        if_field: 'config.llm_format',
        if_match: { eq: 'gemini' },
        then_field: 'config.model.provider',
        then_match: { eq: 'gemini' },
        then_err: "native llm_format 'gemini' can only be used with the 'gemini' model.provider",
      },
    },
  ],
})
