import { definePlugin } from '../pdk/plugin.ts'
import { messages } from './chat-fields.ts'
import { llmFormat, maxRequestBodySize } from './llm-fields.ts'

/** Puts messages before or after the chat a client sends. */
export const aiPromptDecorator = definePlugin({
  name: 'ai-prompt-decorator',
  priority: 772,
  config: {
    type: 'record',
    required: true,
    fields: {
      prompts: {
        type: 'record',
        required: false,
        fields: {
          prepend: messages,
          append: messages,
        },
      },
      max_request_body_size: maxRequestBodySize,
      llm_format: llmFormat,
    },
  },
  entityChecks: [{ at_least_one_of: ['config.prompts.prepend', 'config.prompts.append'] }],
})
