/** What is said before or after the chat a client sends. */
export const messages = {
  type: 'array',
  required: false,
  len_max: 15,
  elements: {
    type: 'record',
    required: false,
    fields: {
      role: {
        type: 'string',
        required: true,
        default: 'system',
        one_of: ['system', 'assistant', 'user'],
      },
      content: { type: 'string', required: true, len_min: 1, len_max: 500 },
    },
  },
} as const
