import { definePlugin } from '../pdk/plugin.ts'
import type { SocketPlace, Sockets } from '../ports/sockets.ts'
import { collectorFields } from './logging/collector-fields.ts'
import { type Entry, logHooks } from './logging/custom-fields.ts'
import { AT_ONCE, queueFor } from './logging/delivery.ts'
import { customFieldsByLua } from './logging/log-fields.ts'
import { logPlugin } from './logging/log-plugin.ts'
import { needsTcp } from './logging/needs-sockets.ts'
import { createTcpLines } from './logging/tcp-lines.ts'

/** Sends log entries over TCP. */
export const tcpLog = definePlugin(
  logPlugin({
    name: 'tcp-log',
    priority: 7,
    needs: ({ sockets }) => needsTcp(sockets),
    about: {
      summary: 'Sends a line of JSON over TCP, or over TLS, for every request.',
      example: { host: '127.0.0.1', port: 9999 },
      notes: [
        'Lines go over one connection, which is closed after `keepalive` milliseconds without a line. With `tls` the certificate is not verified, as in Kong, where the runtime can do without.',
        'Lines that cannot be sent are not tried again; at most 16 MiB wait, then the oldest are dropped, and the log says so.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        ...collectorFields,
        keepalive: { type: 'number', default: 60000 },
        tls: { type: 'boolean', required: true, default: false },
        tls_sni: { type: 'string' },
        custom_fields_by_lua: customFieldsByLua,
      },
    },
  }),
  (config, kit) => {
    const { sockets } = kit
    if (sockets === undefined) return {}
    const place = placeOf(config, sockets)
    const lines = createTcpLines({ ...kit, sockets }, { place, keepAlive: config.keepalive ?? 0 })
    const send = (batch: readonly string[]) => lines.write(encoder.encode(batch.join('')))
    const queue = queueFor(kit, { config: AT_ONCE, send })
    const write = (entry: Entry): void => {
      const line = `${JSON.stringify(entry)}\n`
      queue.add(line, line.length)
    }
    return {
      ...logHooks({ config, kit, write }),
      async close(why) {
        await queue.close(why)
        lines.close()
      },
    }
  },
)

const encoder = new TextEncoder()

interface TcpFields {
  readonly host: string
  readonly port: number
  readonly timeout: number | null
  readonly tls: boolean
  readonly tls_sni: string | null
}

/** Kong: the certificate is not looked at. */
function placeOf({ host, port, timeout, tls, tls_sni }: TcpFields, { caps }: Sockets): SocketPlace {
  const place = { host, port, connectTimeout: timeout ?? 10_000 }
  return tls ? { ...place, tls: { serverName: tls_sni ?? host, verify: !caps.verifyOff } } : place
}
