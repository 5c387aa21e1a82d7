import { definePlugin } from '../pdk/plugin.ts'
import { llmFormat, maxRequestBodySize } from './llm-fields.ts'

const patterns = {
  type: 'array',
  required: false,
  len_max: 10,
  elements: { type: 'string', len_min: 1, len_max: 500 },
} as const

/** Lets prompts through or not, by patterns. */
export const aiPromptGuard = definePlugin({
  name: 'ai-prompt-guard',
  priority: 771,
  config: {
    type: 'record',
    required: true,
    fields: {
      allow_patterns: patterns,
      deny_patterns: patterns,
      allow_all_conversation_history: { type: 'boolean', required: true, default: false },
      max_request_body_size: maxRequestBodySize,
      match_all_roles: { type: 'boolean', required: true, default: false },
      llm_format: llmFormat,
    },
  },
  entityChecks: [
    { at_least_one_of: ['config.allow_patterns', 'config.deny_patterns'] },
    {
      conditional: {
        if_field: 'config.match_all_roles',
        if_match: { eq: true },
        then_field: 'config.allow_all_conversation_history',
        then_match: { eq: false },
      },
    },
  ],
})
