import { checkHeaderName } from '../entities/texts.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { isObject } from '../schema/field.ts'
import { customFieldsByLua } from './log-fields.ts'
import { anyProtocol } from './protocols.ts'
import { legacyQueueFields, queue } from './queue-fields.ts'
import { checkUrl } from './url.ts'

/** Sends log entries to an HTTP server. */
export const httpLog = definePlugin({
  name: 'http-log',
  priority: 12,
  protocols: anyProtocol,
  config: {
    type: 'record',
    required: true,
    fields: {
      http_endpoint: {
        type: 'string',
        required: true,
        referenceable: true,
        encrypted: true,
        check: checkUrl,
      },
      method: { type: 'string', default: 'POST', one_of: ['POST', 'PUT', 'PATCH'] },
      content_type: {
        type: 'string',
        default: 'application/json',
        one_of: ['application/json', 'application/json; charset=utf-8'],
      },
      timeout: { type: 'number', default: 10000 },
      keepalive: { type: 'number', default: 60000 },
      ...legacyQueueFields,
      headers: {
        type: 'map',
        keys: {
          type: 'string',
          check: checkHeaderName,
          match_none: [
            { err: "cannot contain 'Host' header", pattern: '^[Hh][Oo][Ss][Tt]$' },
            {
              err: "cannot contain 'Content-Length' header",
              pattern: '^[Cc][Oo][Nn][Tt][Ee][Nn][Tt]%-[Ll][Ee][nn][Gg][Tt][Hh]$',
            },
            {
              err: "cannot contain 'Content-Type' header",
              pattern: '^[Cc][Oo][Nn][Tt][Ee][Nn][Tt]%-[Tt][Yy][Pp][Ee]$',
            },
          ],
        },
        values: { type: 'string', referenceable: true },
      },
      queue,
      custom_fields_by_lua: customFieldsByLua,
    },
    check: checkAuthorization,
  },
})

/** The user info of the URL becomes an Authorization header, so there must be no other. */
function checkAuthorization(config: Readonly<Record<string, unknown>>): string | undefined {
  const { http_endpoint: endpoint, headers } = config
  const userInfo = typeof endpoint === 'string' && /^[^:/?#]*:?\/\/[^/?#]*@/.test(endpoint)
  const names = isObject(headers) ? Object.keys(headers) : []
  return userInfo && names.some((name) => name.toLowerCase() === 'authorization')
    ? "specifying both an 'Authorization' header and user info in 'http_endpoint' is not allowed"
    : undefined
}
