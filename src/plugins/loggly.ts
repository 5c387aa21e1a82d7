import { port } from '../entities/fields.ts'
import { checkHost } from '../entities/texts.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { customFieldsByLua, severity } from './log-fields.ts'
import { anyProtocol } from './protocols.ts'

/** Sends log entries to Loggly. */
export const loggly = definePlugin({
  name: 'loggly',
  priority: 6,
  protocols: anyProtocol,
  config: {
    type: 'record',
    required: true,
    fields: {
      host: { type: 'string', default: 'logs-01.loggly.com', check: checkHost },
      port: { ...port, default: 514 },
      key: { type: 'string', required: true, referenceable: true, encrypted: true },
      tags: { type: 'set', default: ['kong'], elements: { type: 'string' } },
      log_level: severity,
      successful_severity: severity,
      client_errors_severity: severity,
      server_errors_severity: severity,
      timeout: { type: 'number', default: 10000 },
      custom_fields_by_lua: customFieldsByLua,
    },
  },
})
