import type { AdminKit } from '../../pdk/admin-route.ts'
import { isObject } from '../../schema/field.ts'
import type { VaultServer } from './config.ts'
import { pathOf, type ServerCall } from './server-call.ts'

/** Where Kubernetes tells a pod who it is. */
const POD_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token'

/** Proves who asks a Vault. */
export interface VaultLogin {
  token(): Promise<string>
  /** The token is good no longer. */
  forget(): void
}

interface Leased {
  readonly token: string
  /** Milliseconds since 1970. */
  readonly endsAt: number
}

interface LoginParts {
  readonly call: ServerCall
  readonly kit: Pick<AdminKit, 'runtime' | 'files' | 'keep'>
}

/** The token that is configured, or the one a pod is given for its own. */
export function vaultLogin(server: VaultServer, { call, kit }: LoginParts): VaultLogin {
  if (server.auth_method !== 'kubernetes') {
    return { token: async () => server.token ?? '', forget() {} }
  }
  const { host, port, auth_path, auth_role } = server
  const where = JSON.stringify([host, port, auth_path, auth_role])
  const kept = kit.keep(`acme:vault:${where}`, () => ({ lease: undefined as Leased | undefined }))
  return {
    async token() {
      if (kept.lease === undefined || kept.lease.endsAt <= kit.runtime.now())
        kept.lease = await loginAsPod(server, { call, kit })
      return kept.lease.token
    },
    forget() {
      kept.lease = undefined
    },
  }
}

async function loginAsPod(server: VaultServer, { call, kit }: LoginParts): Promise<Leased> {
  if (kit.files === undefined) throw new Error('there are no files here to read a token from')
  const jwt = new TextDecoder().decode(await kit.files.read(server.jwt_path ?? POD_TOKEN))
  const path = `/v1/auth${pathOf(server.auth_path ?? 'kubernetes')}/login`
  const body = JSON.stringify({ role: server.auth_role ?? undefined, jwt: jwt.trim() })
  const { status, value } = await call({ method: 'POST', path, body })
  const auth = isObject(value) && isObject(value.auth) ? value.auth : {}
  if (status !== 200 || typeof auth.client_token !== 'string')
    throw new Error(`Vault does not log in the pod: ${status}`)
  const seconds = Number(auth.lease_duration) || 0
  // A little before its end; one without an end is asked for anew at times.
  const endsAt = kit.runtime.now() + (seconds > 0 ? seconds * 900 : HOUR)
  return { token: auth.client_token, endsAt }
}

const HOUR = 3_600_000
