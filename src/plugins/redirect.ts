import { toByteString } from '../lib/byte-string.ts'
import { escapeHighBytes } from '../lib/percent-encoded.ts'
import { type Exit, exitWith } from '../pdk/exit.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { finalStatus } from './answers/final-status.ts'
import { checkUrl } from './fields/url.ts'

/** Sends the client to another place. */
export const redirect = definePlugin(
  {
    name: 'redirect',
    priority: 779,
    about: {
      summary: 'Sends clients to another place instead of asking the upstream.',
      example: { status_code: 308, location: 'https://new.example.com/start' },
      notes: [
        'With `keep_incoming_path` the client keeps its path and its query, and only scheme, host and port are those of `location`.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        status_code: { type: 'integer', required: true, default: 301, between: [100, 599] },
        location: { type: 'string', required: true, check: checkUrl },
        keep_incoming_path: { type: 'boolean', default: false },
      },
    },
  },
  (config) => {
    const { location } = config
    const status = finalStatus(config.status_code)
    const to = (place: string): Exit =>
      exitWith(status, { body: 'redirecting', headers: ['Location', place] })
    const fixed = to(toByteString(location))

    return {
      access: ({ request }) =>
        config.keep_incoming_path === true
          ? to(movedTo(location, request.path, request.rawQuery))
          : fixed,
    }
  },
)

/** The same path and query at another place, which no path can leave. */
function movedTo(location: string, path: string, query: string): string {
  const url = new URL(location)
  url.pathname = escapeHighBytes(path)
  url.search = escapeHighBytes(query)
  return url.href
}
