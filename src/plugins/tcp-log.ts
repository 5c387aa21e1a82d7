import { port } from '../entities/fields.ts'
import { checkHost } from '../entities/texts.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { customFieldsByLua } from './log-fields.ts'
import { anyProtocol } from './protocols.ts'

/** Sends log entries over TCP. */
export const tcpLog = definePlugin({
  name: 'tcp-log',
  priority: 7,
  protocols: anyProtocol,
  config: {
    type: 'record',
    required: true,
    fields: {
      host: { type: 'string', required: true, check: checkHost },
      port: { ...port, required: true },
      timeout: { type: 'number', default: 10000 },
      keepalive: { type: 'number', default: 60000 },
      tls: { type: 'boolean', required: true, default: false },
      tls_sni: { type: 'string' },
      custom_fields_by_lua: customFieldsByLua,
    },
  },
})
