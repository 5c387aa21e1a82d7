import { definePlugin } from '../pdk/plugin.ts'
import { checkUrl } from './url.ts'

/** Sends the client to another place. */
export const redirect = definePlugin({
  name: 'redirect',
  priority: 779,
  config: {
    type: 'record',
    required: true,
    fields: {
      status_code: { type: 'integer', required: true, default: 301, between: [100, 599] },
      location: { type: 'string', required: true, check: checkUrl },
      keep_incoming_path: { type: 'boolean', default: false },
    },
  },
})
