import { port } from '../entities/fields.ts'
import { checkHost } from '../entities/texts.ts'
import { decodeBase64, encodeBase64 } from '../lib/base64.ts'
import { toByteString } from '../lib/byte-string.ts'
import { LDAP_CODE, type LdapResult } from '../lib/ldap-message.ts'
import { escapeNameValue } from '../lib/ldap-name.ts'
import { createRecentMap } from '../lib/recent-map.ts'
import { uuidV5 } from '../lib/uuid.ts'
import { type Attempt, authenticating } from '../pdk/authentication.ts'
import type { Exchange } from '../pdk/exchange.ts'
import { refusal } from '../pdk/exit.ts'
import type { Kit } from '../pdk/kit.ts'
import { definePlugin, type Needs } from '../pdk/plugin.ts'
import { createLdapClient, type LdapClient } from './ldap-auth/client.ts'

/** Authenticates by a bind to an LDAP directory. */
export const ldapAuth = definePlugin(
  {
    name: 'ldap-auth',
    priority: 1200,
    unscoped: ['consumer'],
    needs,
    about: {
      summary:
        'Lets in whoever has a user name and password that an LDAP directory takes, and tells the upstream the name.',
      example: {
        ldap_host: 'ldap.example.com',
        ldap_port: 636,
        ldaps: true,
        verify_ldap_host: true,
        base_dn: 'ou=people,dc=example,dc=com',
        attribute: 'uid',
        hide_credentials: true,
      },
      notes: [
        'A client sends `Authorization: ldap <base64 of name:password>`; `header_type: basic` makes that HTTP Basic, which browsers ask for. `Proxy-Authorization` is looked at first.',
        'The gateway binds as `<attribute>=<name>,<base_dn>`; the name is escaped, so that it names nobody elsewhere in the directory. Whoever may bind is somebody known, but no consumer.',
        'What the directory said is remembered for `cache_ttl` seconds, by a digest of name and password; 0 asks it each time.',
        '`ldaps` speaks TLS from the beginning, `start_tls` from the first message on; either needs `verify_ldap_host` to be safe. On Workers they are refused without it.',
        'Without `verify_ldap_host` whoever answers in place of the directory reads all passwords. On Workers TLS always verifies, so `ldaps` needs `verify_ldap_host` there.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        ldap_host: { type: 'string', required: true, check: checkHost },
        ldap_port: { ...port, required: true, default: 389 },
        ldaps: { type: 'boolean', required: true, default: false },
        start_tls: { type: 'boolean', required: true, default: false },
        verify_ldap_host: { type: 'boolean', required: true, default: false },
        base_dn: { type: 'string', required: true },
        attribute: { type: 'string', required: true },
        cache_ttl: { type: 'number', required: true, default: 60 },
        hide_credentials: { type: 'boolean', required: true, default: false },
        timeout: { type: 'number', default: 10000 },
        keepalive: { type: 'number', default: 60000 },
        anonymous: { type: 'string' },
        header_type: { type: 'string', default: 'ldap' },
        realm: { type: 'string', required: false },
      },
      entity_checks: [
        {
          conditional: {
            if_field: 'ldaps',
            if_match: { eq: true },
            then_field: 'start_tls',
            then_match: { eq: false },
            then_err: "'ldaps' and 'start_tls' cannot be enabled simultaneously",
          },
        },
      ],
    },
  },
  (config, kit) => {
    const scheme = config.header_type ?? 'ldap'
    const shown = scheme === 'ldap' ? 'LDAP' : scheme
    const realm = config.realm === null ? '' : ` realm="${config.realm}"`
    const challenge = ['WWW-Authenticate', toByteString(`${shown}${realm}`)]
    const client = clientFor(config, kit)
    const isGood = rememberFor(config.cache_ttl * 1000, kit, async ({ username, password }) => {
      const name = `${config.attribute}=${escapeNameValue(username)},${config.base_dn}`
      const result = await client.bind(name, password)
      if (result.code !== LDAP_CODE.success)
        kit.runtime.log('info', 'An LDAP bind was refused', logged(result))
      return result
    })

    const prove = async (exchange: Exchange): Promise<Attempt> => {
      for (const header of HEADERS) {
        const login = readLogin(exchange.request.headers.get(header), scheme)
        if (login === undefined || !(await isGood(login))) continue
        const { username } = login
        if (config.hide_credentials)
          for (const hidden of HEADERS) exchange.upstream.headers.delete(hidden)
        const credential = { id: uuidV5(kit.plugin.id, username), username }
        return { consumer: undefined, credential, identifier: username }
      }
      return refusal(401, 'Unauthorized', challenge)
    }
    const hooks = authenticating(config, kit, (exchange) => {
      const { headers } = exchange.request
      if (!HEADERS.some((header) => headers.has(header)))
        return refusal(401, 'Unauthorized', challenge)
      return prove(exchange).catch((error: unknown) => {
        kit.runtime.log('error', 'Cannot ask the LDAP directory', { host: config.ldap_host, error })
        return refusal(500, 'An unexpected error occurred')
      })
    })
    return { ...hooks, close: () => client.close() }
  },
)

const HEADERS = ['proxy-authorization', 'authorization'] as const

const NO_SOCKETS = 'ldap-auth needs TCP sockets, which this runtime does not have'
const NO_START_TLS = 'start_tls is not supported on this runtime; use ldaps'
const NO_VERIFY_OFF =
  'ldaps and start_tls need verify_ldap_host on this runtime, where TLS always verifies'

function needs(
  { sockets }: Parameters<Needs>[0],
  config: Parameters<Needs>[1],
): string | undefined {
  if (sockets?.tcp !== true) return NO_SOCKETS
  if (config.start_tls === true && sockets.startTls !== true) return NO_START_TLS
  const encrypted = config.ldaps === true || config.start_tls === true
  const blind = encrypted && config.verify_ldap_host !== true
  return blind && !sockets.verifyOff ? NO_VERIFY_OFF : undefined
}

interface Place {
  readonly ldap_host: string
  readonly ldap_port: number
  readonly ldaps: boolean
  readonly start_tls: boolean
  readonly verify_ldap_host: boolean
  readonly timeout: number | null
  readonly keepalive: number | null
}

function clientFor(config: Place, { sockets, after }: Kit): LdapClient {
  // `needs` refuses this configuration where there are none.
  if (sockets === undefined) throw new Error(NO_SOCKETS)
  const { ldap_host: host, ldap_port, ldaps, verify_ldap_host: verify } = config
  const timeout = config.timeout ?? 10000
  const tls = { serverName: host, verify }
  return createLdapClient(sockets, {
    place: { host, port: ldap_port, connectTimeout: timeout, ...(ldaps && { tls }) },
    ...(config.start_tls && { startTls: tls }),
    timeout,
    keepalive: config.keepalive ?? 60000,
    after,
  })
}

interface Login {
  readonly username: string
  readonly password: Uint8Array
}

const COLON = 0x3a
const decoder = new TextDecoder()

/** Reads `<scheme> <base64 of username:password>`. An empty password would bind as nobody, which succeeds. */
function readLogin(header: string | undefined, scheme: string): Login | undefined {
  const text = header?.trim() ?? ''
  if (text.slice(0, scheme.length).toLowerCase() !== scheme.toLowerCase()) return undefined
  const rest = text.slice(scheme.length)
  const bytes = /^\s/.test(rest) ? decodeBase64(rest.trim()) : undefined
  const colon = bytes?.indexOf(COLON) ?? -1
  if (bytes === undefined || colon < 1 || colon === bytes.length - 1) return undefined
  return { username: decoder.decode(bytes.subarray(0, colon)), password: bytes.subarray(colon + 1) }
}

const MOST_REMEMBERED = 10_000

/** What says that the login is no good, not that the directory is not well. */
const FINAL: ReadonlySet<number> = new Set(Object.values(LDAP_CODE))

/** Asks once in so many milliseconds. Passwords are remembered by a keyed digest alone. */
function rememberFor(
  ttl: number,
  { runtime }: Kit,
  ask: (login: Login) => Promise<LdapResult>,
): (login: Login) => Promise<boolean> {
  const known = createRecentMap<string, { readonly good: boolean; readonly until: number }>(
    MOST_REMEMBERED,
  )
  const salt = crypto.randomUUID()
  return async (login) => {
    const key = await digestOf(login, salt)
    const before = known.get(key)
    if (before !== undefined && before.until > runtime.now()) return before.good
    const { code } = await ask(login)
    const good = code === LDAP_CODE.success
    if (ttl > 0 && FINAL.has(code)) known.set(key, { good, until: runtime.now() + ttl })
    return good
  }
}

const encoder = new TextEncoder()

async function digestOf({ username, password }: Login, salt: string): Promise<string> {
  const name = encoder.encode(`${salt}${username}:`)
  const whole = new Uint8Array([...name, ...password])
  return encodeBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', whole)))
}

function logged({ code, diagnostic }: LdapResult) {
  return { code, diagnostic: diagnostic.slice(0, 200) }
}
