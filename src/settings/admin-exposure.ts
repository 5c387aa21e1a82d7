import type { Listen } from './listen.ts'
import { isLoopback } from './listen.ts'

/** What decides whether the Admin API may listen where it is told to. */
export interface AdminExposure {
  readonly listens: readonly Listen[]
  readonly token: string | undefined
  /** Whether it was said outright that nobody is asked for a token. */
  readonly open: boolean
}

/** Why the Admin API does not start: other machines could reach it, and nothing guards it. */
export function exposureError({ listens, token, open }: AdminExposure): string | undefined {
  const [listen] = exposedOf(listens)
  if (listen === undefined || token !== undefined || open) return undefined
  return (
    `admin_listen: ${addressOf(listen)} can be reached from other machines; set admin_token ` +
    '(GIBBON_ADMIN_TOKEN), listen on 127.0.0.1, or write admin_auth=off where the network is closed'
  )
}

/** What is said at every start of an Admin API that anybody who reaches it may change. */
export function exposureWarning({
  listens,
  token,
}: Omit<AdminExposure, 'open'>): string | undefined {
  const exposed = exposedOf(listens)
  if (exposed.length === 0 || token !== undefined) return undefined
  return (
    `admin_auth=off: whoever reaches ${exposed.map(addressOf).join(', ')} can read and change ` +
    'everything, secrets too'
  )
}

function exposedOf(listens: readonly Listen[]): readonly Listen[] {
  return listens.filter(({ host, path }) => path === undefined && !isLoopback(host))
}

function addressOf({ host, port }: Listen): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
