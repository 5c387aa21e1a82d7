import { definePlugin } from '../pdk/plugin.ts'
import { collectorFields } from './logging/collector-fields.ts'
import { logHooks } from './logging/custom-fields.ts'
import { datagramsTo } from './logging/datagrams.ts'
import { customFieldsByLua } from './logging/log-fields.ts'
import { logPlugin } from './logging/log-plugin.ts'
import { needsUdp } from './logging/needs-sockets.ts'

/** Sends log entries over UDP. */
export const udpLog = definePlugin(
  logPlugin({
    name: 'udp-log',
    priority: 8,
    needs: ({ sockets }) => needsUdp(sockets),
    about: {
      summary: 'Sends a datagram of JSON over UDP for every request.',
      example: { host: '127.0.0.1', port: 9999 },
      notes: [
        'A datagram holds 65,507 bytes at most; an entry that is longer is lost, and the log says so. Nobody knows whether a datagram arrives.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        ...collectorFields,
        custom_fields_by_lua: customFieldsByLua,
      },
    },
  }),
  (config, kit) => {
    const { host, port } = config
    const send = datagramsTo(kit, { host, port })
    if (send === undefined) return {}
    return logHooks({ config, kit, write: (entry) => send(JSON.stringify(entry)) })
  },
)
