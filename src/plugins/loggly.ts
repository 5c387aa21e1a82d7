import { port } from '../entities/fields.ts'
import { checkHost } from '../entities/texts.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { logHooks, statusIn } from './logging/custom-fields.ts'
import { datagramsTo } from './logging/datagrams.ts'
import { customFieldsByLua, severity } from './logging/log-fields.ts'
import { logPlugin } from './logging/log-plugin.ts'
import { needsUdp } from './logging/needs-sockets.ts'
import { severityOf } from './logging/severity.ts'

/** Sends log entries to Loggly. */
export const loggly = definePlugin(
  logPlugin({
    name: 'loggly',
    priority: 6,
    needs: ({ sockets }) => needsUdp(sockets),
    about: {
      summary: 'Sends a syslog datagram to Loggly for every request.',
      example: { key: 'your-customer-token', tags: ['kong', 'staging'] },
      notes: [
        'Severities follow the answer’s status as with syslog. Datagrams are not encrypted: the key passes in the clear, as in Kong.',
      ],
    },
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
  }),
  (config, kit) => {
    const place = { host: config.host ?? 'logs-01.loggly.com', port: config.port ?? 514 }
    const send = datagramsTo(kit, place)
    if (send === undefined) return {}
    const words = wordsOf(config, kit.node?.hostname ?? 'localhost')
    return logHooks({
      config,
      kit,
      write(entry) {
        const severity = severityOf(config, statusIn(entry))
        if (severity === undefined) return
        const time = new Date(kit.runtime.now()).toISOString().replace(/\.\d+/, '')
        // Kong: the facility is `user`.
        send(`<${8 + severity}>1 ${time} ${words} ${JSON.stringify(entry)}`)
      },
    })
  },
)

interface LogglyWords {
  readonly key: string
  readonly tags: readonly string[] | null
}

/** What stands between the time and the entry; the number is that of Loggly as an enterprise. */
function wordsOf({ key, tags }: LogglyWords, hostname: string): string {
  const list = (tags ?? []).map((tag) => `tag="${tag}"`).join(' ')
  return `${hostname} kong - - [${key}@41058 ${list}]`
}
