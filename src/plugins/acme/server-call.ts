import type { HeaderList } from '../../lib/header-list.ts'
import type { AdminKit } from '../../pdk/admin-route.ts'
import type { StorageServer } from './config.ts'

/** What is asked of a server that keeps things. */
export interface ServerQuestion {
  readonly method: string
  /** From the server's root, percent-encoded. */
  readonly path: string
  readonly headers?: HeaderList
  readonly body?: string
}

/** What it answered: the status, and the JSON of its body where it is any. */
export interface ServerReply {
  readonly status: number
  readonly value: unknown
}

/** A way to ask one server. */
export type ServerCall = (question: ServerQuestion) => Promise<ServerReply>

/** More than all keys of a storage take. */
const LIMIT = 8 * 2 ** 20

/** Kong's, in milliseconds. */
const TIMEOUT = 2000

/** Prepares the questions; they reject when there is no answer. */
export function serverCall(
  server: StorageServer,
  { port, kit }: { readonly port: number; readonly kit: Pick<AdminKit, 'http'> },
): ServerCall {
  const host = server.host ?? '127.0.0.1'
  const scheme = server.https === true ? 'https' : 'http'
  const root = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${server.port ?? port}`
  const name = server.https === true ? (server.tls_server_name ?? undefined) : undefined
  return async ({ method, path, headers = [], body }) => {
    const reply = await kit.http({
      url: new URL(root + path),
      method,
      headers: name === undefined ? headers : ['Host', name, ...headers],
      timeout: server.timeout ?? TIMEOUT,
      tlsVerify: server.tls_verify ?? true,
      ...(name === undefined ? {} : { serverName: name }),
      ...(body === undefined ? {} : { body: new TextEncoder().encode(body) }),
    })
    const text = new TextDecoder().decode(await reply.bytes(LIMIT))
    return { status: reply.status, value: jsonIn(text) }
  }
}

/** The steps of a path, each as itself in a URL; empty ones are none. */
export function pathOf(...steps: readonly string[]): string {
  return steps
    .flatMap((step) => step.split('/'))
    .map((step) => (step === '' ? '' : `/${encodeURIComponent(step)}`))
    .join('')
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
