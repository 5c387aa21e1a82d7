import { readFileSync } from 'node:fs'
import type { Gateway } from '../../src/gateway.ts'
import type { Runtime } from '../../src/ports/runtime.ts'
import type { Answer, ClientRequest } from '../../src/ports/server.ts'
import { errorAnswer } from '../../src/proxy/error-body.ts'
import { requestIds } from '../../src/proxy/request-id.ts'
import type { Listen } from '../../src/settings/listen.ts'
import type { ProcessSettings } from '../../src/settings/read.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { type Listening, listen } from '../node-http/server.ts'

/** All that listens. */
export interface Ports {
  /** Ends what listens; requests under way may take `graceMs`. */
  stop(graceMs: number): Promise<void>
}

/** Bytes an Admin request's body may have; Kong's nginx_admin_client_max_body_size. */
const ADMIN_MAX_BODY = 10 * 1024 * 1024

/** Opens every listener, or none: when one port cannot be had the others are closed again. */
export async function openPorts(
  gateway: Gateway,
  chosen: ProcessSettings,
  settings: Settings,
  runtime: Runtime,
): Promise<Ports> {
  const open: Listening[] = []
  const nextId = requestIds(runtime)
  const onBadRequest = (status: number, message: string): Answer =>
    errorAnswer({ status, message, requestId: nextId(), settings, fromServer: true })
  const openAll = async (
    listens: readonly Listen[],
    tls: { cert: string; key: string },
    handle: (request: ClientRequest) => Promise<Answer> | Answer,
    maxBody?: number,
  ): Promise<void> => {
    for (const at of listens) {
      const { cert, key } = tls
      const secure = at.ssl ? { tls: { cert: readFileSync(cert), key: readFileSync(key) } } : {}
      const limit = maxBody === undefined ? {} : { maxBody }
      open.push(await listenAt(at, { ...secure, ...limit, handle, onBadRequest }))
    }
  }

  try {
    const { proxyListen, adminListen, statusListen } = chosen
    const proxyTls = { cert: chosen.sslCert, key: chosen.sslCertKey }
    const adminTls = { cert: chosen.adminSslCert, key: chosen.adminSslCertKey }
    await openAll(proxyListen, proxyTls, gateway.handle)
    await openAll(adminListen, adminTls, gateway.handleAdmin, ADMIN_MAX_BODY)
    await openAll(statusListen, adminTls, gateway.handleStatus, ADMIN_MAX_BODY)
  } catch (error) {
    await Promise.all(open.map((listening) => listening.stop(0)))
    throw error
  }
  return {
    async stop(graceMs) {
      await Promise.all(open.map((listening) => listening.stop(graceMs)))
    },
  }
}

async function listenAt(
  at: Listen,
  options: Omit<Parameters<typeof listen>[0], 'host' | 'port' | 'backlog'>,
): Promise<Listening> {
  const backlog = at.backlog === undefined ? {} : { backlog: at.backlog }
  try {
    return await listen({ host: at.host, port: at.port, ...backlog, ...options })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const reason =
      code === 'EADDRINUSE'
        ? 'the port is in use'
        : code === 'EACCES'
          ? 'not allowed'
          : String(error)
    throw new Error(`cannot listen on ${at.host}:${at.port}: ${reason}`)
  }
}
