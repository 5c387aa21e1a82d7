import { definePlugin } from '../pdk/plugin.ts'
import { maxRequestBodySize } from './llm-fields.ts'

/** Fills prompts in from templates. */
export const aiPromptTemplate = definePlugin({
  name: 'ai-prompt-template',
  priority: 773,
  config: {
    type: 'record',
    required: true,
    fields: {
      templates: {
        type: 'array',
        required: true,
        elements: {
          type: 'record',
          required: true,
          fields: {
            name: { type: 'string', required: true },
            template: { type: 'string', required: true },
          },
        },
      },
      allow_untemplated_requests: { type: 'boolean', required: true, default: true },
      log_original_request: { type: 'boolean', required: true, default: false },
      max_request_body_size: maxRequestBodySize,
    },
  },
})
