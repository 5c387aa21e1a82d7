import type { Failure } from '../../src/ports/transport.ts'
import type { StreamSocket } from './platform.ts'

/** Where to connect, and for how long to try, in milliseconds. */
export interface TcpProbe {
  readonly host: string
  readonly port: number
  readonly timeout: number
}

/** What a probe needs of a connection. */
export type Dial = (place: {
  hostname: string
  port: number
}) => Pick<StreamSocket, 'opened' | 'close'>

/** Opens and closes a TCP connection; what went wrong, when it did. */
export async function probeTcp(connect: Dial, probe: TcpProbe): Promise<Failure | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), probe.timeout)
  })
  try {
    const socket = connect({ hostname: probe.host, port: probe.port })
    const first = await Promise.race([socket.opened, late])
    // Closing a connection that never opened fails too; the answer is known already.
    socket.close().catch(() => {})
    return first === 'late' ? failure('ETIMEDOUT', true) : undefined
  } catch {
    return failure('ECONNREFUSED', false)
  } finally {
    clearTimeout(timer)
  }
}

function failure(code: string, timeout: boolean): Failure {
  return { ok: false, phase: 'connect', code, timeout, reused: false, byClient: false }
}
