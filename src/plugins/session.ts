import { definePlugin } from '../pdk/plugin.ts'
import type { ShorthandField } from '../schema/field.ts'
import { anyProtocol } from './protocols.ts'
import { sessionRecord } from './session-record.ts'
import { sessionSecret } from './session-secret.ts'

const shownHeaders = {
  type: 'set',
  elements: {
    type: 'string',
    one_of: [
      'id',
      'audience',
      'subject',
      'timeout',
      'idling-timeout',
      'rolling-timeout',
      'absolute-timeout',
    ],
  },
} as const

/** The words of the session library before its fourth version; Kong does not show them again. */
const legacyFields: Readonly<Record<string, ShorthandField>> = {
  cookie_lifetime: { type: 'number', expand: (rolling_timeout) => ({ rolling_timeout }) },
  cookie_idletime: {
    type: 'number',
    expand: (idletime: number | null) => ({ idling_timeout: idletime ?? 0 }),
  },
  // Renewal is no longer a choice.
  cookie_renew: { type: 'number', expand: () => ({}) },
  cookie_discard: { type: 'number', expand: (stale_ttl) => ({ stale_ttl }) },
  cookie_samesite: {
    type: 'string',
    // Kong: `off` became browsers' own default.
    expand: (samesite) => ({ cookie_same_site: samesite === 'off' ? 'Lax' : samesite }),
  },
  cookie_httponly: { type: 'boolean', expand: (httponly) => ({ cookie_http_only: httponly }) },
  cookie_persistent: { type: 'boolean', expand: (remember) => ({ remember }) },
}

/** Keeps a consumer known between requests by a cookie. */
export const session = definePlugin({
  name: 'session',
  priority: 1900,
  protocols: anyProtocol,
  unscoped: ['consumer'],
  entities: [sessionRecord],
  config: {
    type: 'record',
    required: true,
    shorthand_fields: legacyFields,
    fields: {
      secret: {
        type: 'string',
        required: false,
        referenceable: true,
        encrypted: true,
        get default() {
          return sessionSecret()
        },
      },
      storage: { type: 'string', default: 'cookie', one_of: ['cookie', 'kong'] },
      audience: { type: 'string', default: 'default' },
      idling_timeout: { type: 'number', default: 900 },
      rolling_timeout: { type: 'number', default: 3600 },
      absolute_timeout: { type: 'number', default: 86400 },
      stale_ttl: { type: 'number', default: 10 },
      cookie_name: { type: 'string', default: 'session' },
      cookie_path: { type: 'string', default: '/' },
      cookie_domain: { type: 'string' },
      cookie_same_site: {
        type: 'string',
        default: 'Strict',
        one_of: ['Strict', 'Lax', 'None', 'Default'],
      },
      cookie_http_only: { type: 'boolean', default: true },
      cookie_secure: { type: 'boolean', default: true },
      remember: { type: 'boolean', default: false },
      remember_cookie_name: { type: 'string', default: 'remember' },
      remember_rolling_timeout: { type: 'number', default: 604800 },
      remember_absolute_timeout: { type: 'number', default: 2592000 },
      response_headers: shownHeaders,
      request_headers: shownHeaders,
      read_body_for_logout: { type: 'boolean', default: false },
      logout_methods: {
        type: 'set',
        default: ['POST', 'DELETE'],
        elements: { type: 'string', one_of: ['GET', 'POST', 'DELETE'] },
      },
      logout_query_arg: { type: 'string', default: 'session_logout' },
      logout_post_arg: { type: 'string', default: 'session_logout' },
    },
  },
})
