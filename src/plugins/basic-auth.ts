import { decodeBase64 } from '../lib/base64.ts'
import { toByteString } from '../lib/byte-string.ts'
import { toHex } from '../lib/hex.ts'
import { sha1 } from '../lib/sha1.ts'
import { timingSafeEqualText } from '../lib/timing-safe-equal.ts'
import { type Attempt, authenticating } from '../pdk/authentication.ts'
import { refusal } from '../pdk/exit.ts'
import type { Entities } from '../pdk/kit.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { type EntityOf, rowOf } from '../schema/entity.ts'
import { basicAuthCredential } from './basic-auth/credential.ts'

/** Authenticates by user name and password. */
export const basicAuth = definePlugin(
  {
    name: 'basic-auth',
    priority: 1100,
    unscoped: ['consumer'],
    about: {
      summary:
        'Lets in whoever sends the user name and password of a consumer, and tells the upstream who it is.',
      example: { hide_credentials: true, realm: 'service' },
      notes: [
        'A consumer gets a user name and a password by `POST /consumers/{consumer}/basic-auth`.',
        'Passwords are kept as Kong keeps them: SHA-1 over the password and the id of the consumer. Such a digest is cheap to try passwords on, so give consumers long random ones.',
        '`Proxy-Authorization` is looked at first, then `Authorization`.',
      ],
    },
    entities: [basicAuthCredential],
    config: {
      type: 'record',
      required: true,
      fields: {
        anonymous: { type: 'string' },
        hide_credentials: { type: 'boolean', required: true, default: false },
        realm: { type: 'string', required: true, default: 'service' },
      },
    },
  },
  (config, kit) => {
    const challenge = ['WWW-Authenticate', toByteString(`Basic realm="${config.realm}"`)]
    const refuse = () => refusal(401, 'Unauthorized', challenge)

    return authenticating(config, kit, (exchange) => {
      for (const name of ['proxy-authorization', 'authorization']) {
        const login = readLogin(exchange.request.headers.get(name))
        if (config.hide_credentials) exchange.upstream.headers.delete(name)
        if (login === undefined) continue
        const credential = findCredential(kit.entities, login)
        // Kong: once a user name is known, its password decides.
        if (credential !== undefined) return prove(kit.entities, credential, login) ?? refuse()
      }
      return refuse()
    })
  },
)

interface Login {
  readonly username: string
  readonly password: Uint8Array
}

const SCHEME = /^\s*[Bb]asic\s*(\S+)\s*$/
const COLON = 0x3a
const decoder = new TextDecoder()
const encoder = new TextEncoder()

/** Reads `Basic <base64 of username:password>`. */
function readLogin(header: string | undefined): Login | undefined {
  const [, encoded] = (header !== undefined && SCHEME.exec(header)) || []
  const decoded = encoded === undefined ? undefined : decodeBase64(encoded)
  if (decoded === undefined) return undefined
  // Kong: the name begins behind any colons.
  const start = decoded.findIndex((byte) => byte !== COLON)
  const colon = decoded.indexOf(COLON, start)
  if (start < 0 || colon < 0) return undefined
  return {
    username: decoder.decode(decoded.subarray(start, colon)),
    password: decoded.subarray(colon + 1),
  }
}

type Credential = EntityOf<typeof basicAuthCredential>

function findCredential(entities: Entities, { username }: Login): Credential | undefined {
  const row = entities.getBy('basicauth_credentials', 'username', username)
  return row && rowOf(basicAuthCredential, row)
}

function prove(
  entities: Entities,
  credential: Credential,
  { password }: Login,
): Attempt | undefined {
  const { id } = credential.consumer
  const salted = new Uint8Array([...password, ...encoder.encode(id)])
  if (!timingSafeEqualText(credential.password, toHex(sha1(salted)))) return undefined
  const consumer = entities.get('consumers', id)
  return consumer && { consumer, credential, identifier: credential.username }
}
