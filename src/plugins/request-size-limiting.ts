import { definePlugin } from '../pdk/plugin.ts'

/** Refuses bodies above a size. */
export const requestSizeLimiting = definePlugin({
  name: 'request-size-limiting',
  priority: 951,
  config: {
    type: 'record',
    required: true,
    fields: {
      allowed_payload_size: { type: 'integer', default: 128 },
      size_unit: {
        type: 'string',
        required: true,
        default: 'megabytes',
        one_of: ['megabytes', 'kilobytes', 'bytes'],
      },
      require_content_length: { type: 'boolean', required: true, default: false },
    },
  },
})
