import type { Kit } from '../../pdk/kit.ts'
import { contextOf } from '../../schema/context.ts'
import { type EntityOf, type Row, rowOf } from '../../schema/entity.ts'
import type { Client } from './client.ts'
import type { OAuth2Config } from './config.ts'
import { oauth2Token } from './token.ts'

/** A token, as stored. */
export type Token = EntityOf<typeof oauth2Token>

/** What a token is made out for. */
export interface Grant {
  readonly client: Client
  /** Undefined for a token that is good everywhere. */
  readonly serviceId: string | undefined
  readonly userId: string | null
  readonly scope: string | null
  /** Whether it can be changed for a new one. */
  readonly refreshable: boolean
}

/** A token as the application is told of it. */
export interface Issued {
  readonly refresh_token?: string
  readonly token_type: 'bearer'
  readonly access_token: string
  readonly expires_in?: number
}

/** Makes tokens. */
export interface Issuer {
  issue(grant: Grant): Promise<Issued>
  /** Gives a token another name, and the whole of its time again. */
  renew(token: Token): Promise<Issued>
}

/** Makes tokens that live as long as the configuration says; zero is for ever. */
export function createIssuer(config: OAuth2Config, { entities, runtime }: Kit): Issuer {
  const { token_expiration: life, refresh_token_ttl: kept } = config
  // A token goes, and what it can be changed by with it, when nobody could change it any more.
  const ttl = life > 0 && kept > 0 ? { ttl: Math.ceil(kept) } : {}
  const secret = () => contextOf(runtime).secret()
  return {
    async issue({ client, serviceId, userId, scope, refreshable }) {
      const row = await entities.insert('oauth2_tokens', {
        credential: { id: client.id },
        ...(serviceId === undefined ? {} : { service: { id: serviceId } }),
        ...(userId === null ? {} : { authenticated_userid: userId }),
        ...(scope === null ? {} : { scope }),
        ...(refreshable && life > 0 ? { refresh_token: secret() } : {}),
        expires_in: life,
        ...ttl,
      })
      return told(row)
    },
    async renew({ id }) {
      const row = await entities.update('oauth2_tokens', id, {
        access_token: secret(),
        expires_in: life,
        created_at: Math.floor(runtime.now() / 1000),
        ...ttl,
      })
      return told(row)
    },
  }
}

function told(row: Row): Issued {
  const token = rowOf(oauth2Token, row)
  const { refresh_token: refresh, access_token: access, expires_in: life } = token
  return {
    ...(refresh === null ? {} : { refresh_token: refresh }),
    token_type: 'bearer',
    access_token: String(access),
    ...(life > 0 ? { expires_in: life } : {}),
  }
}
