import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { StreamFigures, StreamPlan } from '../../src/ports/stream.ts'
import { certificateOf } from '../node-http/client-certificate.ts'
import type { Timed, TimerWheel } from '../node-http/timer-wheel.ts'
import { dialFor } from './dial.ts'
import { join, type Passed } from './join.ts'

/** What carrying takes of a listener. */
export interface CarryOptions {
  readonly wheel: TimerWheel
  /** Milliseconds a client that is turned away may take to hear why. */
  readonly startTimeout: number
  readonly untold: Set<Untold>
}

/** Joins a client with the upstream of its plan, unless plugins turn it away or nobody is there. */
export async function carry(
  options: CarryOptions,
  client: Socket,
  plan: StreamPlan,
): Promise<void> {
  const ended = tellerOf(client, plan)
  if (plan.admit !== undefined) {
    const said = await plan.admit()
    if (said !== undefined) {
      turnAway(client, said, options)
      ended?.(NOTHING, said.length)
      return
    }
  }
  const opened = await plan.open(dialFor(client))
  if (opened === undefined) {
    client.destroy()
    ended?.(NOTHING)
    return
  }
  const { socket, release } = opened
  // One side may have gone while nobody looked.
  if (client.destroyed || socket.destroyed) {
    client.destroy()
    socket.destroy()
    release()
    ended?.(NOTHING)
    return
  }
  const passed = ended === undefined ? undefined : { ...NOTHING }
  const over = (): void => {
    release()
    if (passed !== undefined) ended?.(passed)
  }
  const { wheel, untold } = options
  const { readTimeout, writeTimeout } = plan
  const told = ended === undefined ? over : awaited(untold, { socket, over })
  join(client, socket, { wheel, readTimeout, writeTimeout, passed, ended: told })
}

/** A connection whose end somebody wants to be told of before a stop is over. */
export interface Untold {
  readonly told: Promise<void>
  /** Ends it now. */
  cut(): void
}

interface Ending {
  readonly socket: Socket
  readonly over: () => void
}

/** Has a stop wait until this was called. */
function awaited(untold: Set<Untold>, { socket, over }: Ending): () => void {
  let done = (): void => {}
  const told = new Promise<void>((resolve) => {
    done = resolve
  })
  const one = { told, cut: () => void socket.destroy() }
  untold.add(one)
  return () => {
    over()
    untold.delete(one)
    done()
  }
}

const NOTHING: Passed = { fromClient: 0, fromUpstream: 0 }

/** Tells who asked what passed, beside so many bytes of our own; undefined where nobody asked. */
type Teller = (passed: Passed, said?: number) => void

function tellerOf(client: Socket, plan: StreamPlan): Teller | undefined {
  if (plan.ended === undefined) return undefined
  // A socket knows it only as long as it stands.
  const tls = tlsOf(client)
  return ({ fromClient, fromUpstream }, said = 0) => {
    plan.ended?.({
      received: fromClient,
      sent: fromUpstream + said,
      upstreamReceived: fromUpstream,
      upstreamSent: fromClient,
      tls,
    })
  }
}

function tlsOf(client: Socket): StreamFigures['tls'] {
  if (!(client instanceof TLSSocket)) return undefined
  const version = client.getProtocol() ?? ''
  return { version, cipher: client.getCipher()?.name ?? '', certificate: certificateOf(client) }
}

/** Says why and ends. */
function turnAway(client: Socket, said: Uint8Array, { wheel, startTimeout }: CarryOptions): void {
  if (said.length === 0 || client.destroyed) {
    client.destroy()
    return
  }
  const late: Timed = { deadline: 0, slot: 0, place: 0, expire: () => client.destroy() }
  wheel.arm(late, startTimeout)
  client.on('close', () => wheel.forget(late))
  // Bytes left unread would turn the end into a break, and that takes the words with it.
  client.resume()
  client.end(said)
}
