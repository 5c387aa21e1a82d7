import { definePlugin } from '../pdk/plugin.ts'
import { customFieldsByLua, severity } from './log-fields.ts'
import { anyProtocol } from './protocols.ts'

/** Sends log entries to syslog. */
export const syslog = definePlugin({
  name: 'syslog',
  priority: 4,
  protocols: anyProtocol,
  config: {
    type: 'record',
    required: true,
    fields: {
      log_level: { ...severity, required: true },
      successful_severity: { ...severity, required: true },
      client_errors_severity: { ...severity, required: true },
      server_errors_severity: { ...severity, required: true },
      custom_fields_by_lua: customFieldsByLua,
      facility: {
        type: 'string',
        required: true,
        default: 'user',
        one_of: [
          'auth',
          'authpriv',
          'cron',
          'daemon',
          'ftp',
          'kern',
          'lpr',
          'mail',
          'news',
          'syslog',
          'user',
          'uucp',
          'local0',
          'local1',
          'local2',
          'local3',
          'local4',
          'local5',
          'local6',
          'local7',
        ],
      },
    },
  },
})
