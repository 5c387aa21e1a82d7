import { definePlugin } from '../pdk/plugin.ts'

/** Gives each request an id of its own in a header. */
export const correlationId = definePlugin({
  name: 'correlation-id',
  priority: 100001,
  config: {
    type: 'record',
    required: true,
    fields: {
      header_name: { type: 'string', default: 'Kong-Request-ID' },
      generator: {
        type: 'string',
        required: true,
        default: 'uuid#counter',
        one_of: ['uuid', 'uuid#counter', 'tracker'],
      },
      echo_downstream: { type: 'boolean', required: true, default: false },
    },
  },
})
