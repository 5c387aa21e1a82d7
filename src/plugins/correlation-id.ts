import type { Exchange } from '../pdk/exchange.ts'
import { setLogValue } from '../pdk/log-values.ts'
import { namedHeader } from '../pdk/named-header.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { createGenerators } from './correlation-id/generators.ts'

/** Gives each request an id of its own in a header. */
export const correlationId = definePlugin(
  {
    name: 'correlation-id',
    priority: 100001,
    about: {
      summary:
        'Gives each request an id in a header, so that the logs of all who had to do with it can be joined.',
      example: { header_name: 'X-Request-ID', generator: 'uuid', echo_downstream: true },
      notes: [
        'An id that the client sent is kept. Log plugins write it as `correlation_id`.',
        '`uuid` makes a new UUID each time; `uuid#counter` counts on behind one UUID of this process; `tracker` is `address-port-process-connection-request-time`, where all but the port and the time only tell requests apart.',
      ],
    },
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
  },
  (config, kit) => {
    const { header_name: name, generator, echo_downstream: echoes } = config
    if (name === null) return {}
    const makeId = kit.keep('correlation-id', () => createGenerators(kit.runtime))[generator]
    const sentBy = ({ request }: Exchange): string | undefined => {
      const sent = namedHeader(request.headers, name)
      return sent === '' ? undefined : sent
    }

    const access = (exchange: Exchange): undefined => {
      const sent = sentBy(exchange)
      const id = sent ?? makeId(exchange)
      // Kong: what the client sent goes up as it is.
      if (sent === undefined) exchange.upstream.headers.set(name, id)
      setLogValue(exchange, 'correlation_id', id)
      if (echoes) exchange.shared.set(config, id)
    }
    // Without a hook of its own an answer passes sooner.
    if (!echoes) return { access }
    return {
      access,
      response(exchange) {
        // A request that was refused before has none yet.
        const known = exchange.shared.get(config)
        const id = typeof known === 'string' ? known : (sentBy(exchange) ?? makeId(exchange))
        exchange.response.headers.set(name, id)
      },
    }
  },
)
