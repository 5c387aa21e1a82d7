import type { Draining } from '../ports/draining.ts'
import type { AdminOptions } from './admin.ts'
import { isEmpty } from './config.ts'
import type { Members } from './form.ts'
import { json, message, NO_CONTENT } from './reply.ts'
import type { Call, Resource } from './resource.ts'

/** What of the Admin API is served on `status_listen` too. */
const SHOWN = new Set(['/status', '/status/dns', '/metrics'])

/** Kong: these without a database, for who asks only. */
const SHOWN_UPSTREAMS = new Set([
  '/upstreams/{upstreams}/health',
  '/upstreams/{upstreams}/targets',
  '/upstreams/{upstreams}/targets/all',
  '/upstreams/{upstreams}/targets/{targets}',
])

/** The resources of `status_listen`, out of all there are. */
export function statusResources(
  all: readonly Resource[],
  options: Pick<AdminOptions, 'settings' | 'store'>,
  draining: Draining,
): Resource[] {
  const upstreams = options.settings.database === 'off' ? SHOWN_UPSTREAMS : new Set<string>()
  const shown = all.flatMap((resource) => {
    if (SHOWN.has(resource.pattern)) return [resource]
    if (!upstreams.has(resource.pattern)) return []
    const { GET } = resource.handlers
    return GET === undefined ? [] : [{ ...resource, handlers: { GET } }]
  })
  return [...shown, readyResource(options, draining)]
}

function readyResource(
  { settings, store }: Pick<AdminOptions, 'settings' | 'store'>,
  draining: Draining,
): Resource {
  return {
    pattern: '/status/ready',
    handlers: {
      async GET() {
        if (await draining.begun()) return message(503, 'draining')
        // Kong: without a database there is nothing to serve until something is configured.
        if (settings.database !== 'off' || !isEmpty(store)) return json({ message: 'ready' })
        return message(503, 'no configuration available (empty configuration present)')
      },
      async POST(call) {
        // This listener asks nobody who he is; browsers name the page that sends them.
        if (call.header('origin') !== undefined) return message(403, 'No page may drain this node')
        if (statusOf(call) !== 'draining') return message(400, 'Bad request')
        await draining.begin()
        return NO_CONTENT
      },
    },
  }
}

function statusOf({ payload, query }: Call): unknown {
  const members: Members = payload.kind === 'yaml' ? {} : payload.value
  return members.status ?? query.first('status')
}
