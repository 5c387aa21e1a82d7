import type { Failure, Incoming, Outgoing, Transport } from '../ports/transport.ts'
import type { EventQueue } from './event-queue.ts'
import type { SimulatedTarget, Work } from './simulated-target.ts'

/** Who sends: one request or probe. */
export interface Sender {
  readonly index: number
  readonly key: number | undefined
  /** Counts its tries. */
  turn(address: string): number
  /** Its answer is on its way: nothing is left to do for now. */
  sleep(): void
  /** Something has come. */
  wake(fromCache: boolean): void
}

/** What the network lies in. */
export interface NetworkOptions {
  readonly clock: { readonly now: number }
  readonly events: EventQueue
  /** By address. */
  readonly targets: ReadonlyMap<string, SimulatedTarget>
}

/** Opens a way to the targets for those who send; whoever is awake when it is used is the sender. */
export function createNetwork(options: NetworkOptions): (sender: () => Sender) => Transport {
  return (sender) => ({
    caps: ABLE,
    send: (outgoing) => send(options, sender(), outgoing),
    async probe(host, port, timeout) {
      const limits = { host, port, connectTimeout: timeout, readTimeout: timeout }
      const result = await send(options, sender(), limits)
      return result.ok || result.phase === 'head' ? undefined : result
    },
    close: async () => {},
  })
}

const ABLE: Transport['caps'] = {
  hostHeader: true,
  ipTargets: true,
  verifyOff: true,
  customCa: true,
  clientCertificate: true,
  phases: true,
  tcpProbe: true,
}

type Sent = Pick<Outgoing, 'host' | 'port' | 'connectTimeout' | 'readTimeout'>

function send(
  { clock, events, targets }: NetworkOptions,
  sender: Sender,
  { host, port, connectTimeout, readTimeout }: Sent,
): Promise<Incoming | Failure> {
  const address = `${host}:${port}`
  const turn = sender.turn(address)
  const target = targets.get(address)
  if (target === undefined) return Promise.resolve(NOWHERE)

  const flight = new Flight(sender, turn, clock.now + readTimeout)
  const admission = target.admit(flight)
  if (admission === 'refused') return Promise.resolve(REFUSED)
  if (admission === 'cut') return Promise.resolve(RESET)
  if (admission === 'dropped') {
    events.add(clock.now + connectTimeout, () => flight.settle(UNREACHABLE))
  }
  if (admission === 'silent') events.add(flight.deadline, () => flight.expire())
  sender.sleep()
  return flight.result
}

/** A request on its way to a target and back. */
class Flight implements Work {
  readonly index: number
  readonly turn: number
  readonly key: number | undefined
  readonly deadline: number
  over = false
  readonly result: Promise<Incoming | Failure>
  readonly #sender: Sender
  #resolve: (result: Incoming | Failure) => void = () => {}

  constructor(sender: Sender, turn: number, deadline: number) {
    this.index = sender.index
    this.key = sender.key
    this.turn = turn
    this.deadline = deadline
    this.#sender = sender
    this.result = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  answer(status: number, fromCache: boolean): void {
    this.settle(answerOf(status), fromCache)
  }

  cut(): void {
    this.settle(RESET)
  }

  expire(): void {
    this.settle(SILENT)
  }

  settle(result: Incoming | Failure, fromCache = false): void {
    this.over = true
    this.#sender.wake(fromCache)
    this.#resolve(result)
  }
}

const REFUSED = failure('connect', 'ECONNREFUSED', false)
const UNREACHABLE = failure('connect', 'ETIMEDOUT', true)
const RESET = failure('head', 'ECONNRESET', false)
const SILENT = failure('head', 'ETIMEDOUT', true)
const NOWHERE = failure('dns', 'ENOTFOUND', false)

function failure(phase: Failure['phase'], code: string, timeout: boolean): Failure {
  return { ok: false, phase, code, timeout, reused: false, byClient: false }
}

function answerOf(status: number): Incoming {
  return { ok: true, status, reason: '', httpVersion: '1.1', headers: [], body: undefined }
}
