import { checkRouteRegex } from '../lib/route-regex.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { strings } from './fields.ts'

/** Answers preflights and says which origins may read the answers. */
export const cors = definePlugin({
  name: 'cors',
  priority: 2000,
  unscoped: ['consumer'],
  config: {
    type: 'record',
    required: true,
    fields: {
      origins: { type: 'array', elements: { type: 'string', check: checkOrigin } },
      headers: strings,
      exposed_headers: strings,
      methods: {
        type: 'array',
        default: ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'],
        elements: {
          type: 'string',
          one_of: ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'],
        },
      },
      max_age: { type: 'number' },
      credentials: { type: 'boolean', required: true, default: false },
      private_network: { type: 'boolean', required: true, default: false },
      preflight_continue: { type: 'boolean', required: true, default: false },
    },
  },
})

/** An origin is a regex, of which a plain text is one, or the star for all. */
function checkOrigin(origin: string): string | undefined {
  return origin === '*' || checkRouteRegex(origin) === undefined
    ? undefined
    : `'${origin}' is not a valid regex`
}
