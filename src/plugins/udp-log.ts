import { port } from '../entities/fields.ts'
import { checkHost } from '../entities/texts.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { customFieldsByLua } from './log-fields.ts'
import { anyProtocol } from './protocols.ts'

/** Sends log entries over UDP. */
export const udpLog = definePlugin({
  name: 'udp-log',
  priority: 8,
  protocols: anyProtocol,
  config: {
    type: 'record',
    required: true,
    fields: {
      host: { type: 'string', required: true, check: checkHost },
      port: { ...port, required: true },
      timeout: { type: 'number', default: 10000 },
      custom_fields_by_lua: customFieldsByLua,
    },
  },
})
