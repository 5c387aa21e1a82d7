import { definePlugin } from '../pdk/plugin.ts'
import type { ShorthandField } from '../schema/field.ts'
import { anyProtocol } from './fields/protocols.ts'
import { sessionHooks } from './session/hooks.ts'
import { createKeeper } from './session/keeper.ts'
import { sessionRecord } from './session/record.ts'
import { sessionSecret } from './session/secret.ts'
import { createSessionStorage } from './session/storage.ts'

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
export const session = definePlugin(
  {
    name: 'session',
    priority: 1900,
    protocols: anyProtocol,
    unscoped: ['consumer'],
    about: {
      summary:
        'Keeps a consumer known by a cookie once an authentication plugin let it in, so that a browser proves itself only once.',
      example: { storage: 'cookie', cookie_name: 'session', remember: true },
      notes: [
        'Configure the authentication plugin with `anonymous`, else it asks for a proof at each request. Keep the anonymous consumer out with request-termination, scoped to it.',
        "Set `secret`, the same for all gateways that are to know each other's cookies.",
        'The cookie is our own form, not that of Kong: base64url of a random nonce, the session as JSON under AES-256-GCM, and its tag. HKDF-SHA-256 derives the key from `secret`, `cookie_name` and `audience`, so a cookie of another name, audience or secret is no session. Sessions that Kong started are not known here.',
        'With `storage: cookie` the session is in the cookie alone, and a log-out cannot take back a copy of it; its timeouts end it. With `storage: kong` a row of `sessions` holds it, sealed, and the cookie only its name: a log-out ends it everywhere.',
        'A session ends `idling_timeout` seconds after it was last used, `rolling_timeout` after it was last renewed (which happens in its last quarter, under a new name) and `absolute_timeout` after it was started; 0 is never. With `storage: kong` the old name is good for another `stale_ttl` seconds.',
        'With `remember` a second cookie, which outlives the browser, starts a new session when there is none.',
        'A request logs out by one of `logout_methods` with `logout_query_arg` in its query, or, with `read_body_for_logout`, `logout_post_arg` in its form or JSON body. It is answered 200.',
      ],
    },
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
  },
  (config, kit) => {
    // Empty is a reference nobody could look up; with no secret anybody could make a session.
    const secret = config.secret === null || config.secret === '' ? sessionSecret() : config.secret
    const audience = config.audience ?? 'default'
    const keeperOf = (name: string, persistent: boolean) => {
      const purpose = `${persistent ? 'remember' : 'session'} ${JSON.stringify([name, audience])}`
      const { storage } = config
      return createKeeper({
        name,
        persistent,
        rules: {
          path: config.cookie_path,
          domain: config.cookie_domain,
          sameSite: config.cookie_same_site,
          secure: config.cookie_secure,
          httpOnly: config.cookie_http_only,
        },
        storage: createSessionStorage({ storage, secret, purpose, entities: kit.entities }),
        timeouts: {
          idling: persistent ? 0 : (config.idling_timeout ?? 0),
          rolling: (persistent ? config.remember_rolling_timeout : config.rolling_timeout) ?? 0,
          absolute: (persistent ? config.remember_absolute_timeout : config.absolute_timeout) ?? 0,
        },
        staleFor: config.stale_ttl ?? 0,
      })
    }
    const remembered = config.remember
      ? keeperOf(config.remember_cookie_name ?? 'remember', true)
      : undefined
    const sessions = keeperOf(config.cookie_name ?? 'session', false)
    return sessionHooks({ ...config, audience }, { sessions, remembered }, kit)
  },
)
