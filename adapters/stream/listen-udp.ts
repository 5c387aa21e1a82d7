import type { Buffer } from 'node:buffer'
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { OpenStream, PlanStream, StreamPlan } from '../../src/ports/stream.ts'
import type { Listening } from '../node-http/server.ts'
import { plainIp } from '../node-http/server-client.ts'
import { createTimerWheel, type Timed, type TimerWheel } from '../node-http/timer-wheel.ts'
import { type DatagramPeer, dialDatagrams } from './dial-udp.ts'
import type { Passed } from './join.ts'

/** Where datagrams are taken, and what becomes of them. */
export interface UdpListenOptions {
  readonly host: string
  readonly port: number
  /** Of an IPv6 address: leaves IPv4 to others, who may listen at the same port. */
  readonly ipv6Only?: boolean
  readonly stream: PlanStream
  /** Senders there may be at once; datagrams of others are dropped. */
  readonly maxSessions?: number
}

/** Datagrams that wait until it is known where they go. */
const MOST_WAITING = 16
const MOST_SESSIONS = 10_000
/** How long nobody may have said anything for a session to be over when it is time to stop. */
const LAST_QUIET = 1000

/** What goes between one sender and the peer that was chosen for it. */
interface Session extends Timed {
  /** Undefined while it is looked for. */
  opened: OpenStream<DatagramPeer> | undefined
  over: boolean
  readonly waiting: Buffer[]
  readonly readTimeout: number
  /** Plugins turned its sender away: what it sends is dropped until its time is up. */
  refused: boolean
  /** Absent where nobody wants to know what passed, or was told. */
  ended: StreamPlan['ended']
  readonly passed: Passed
}

interface UdpListener {
  readonly server: Socket
  readonly options: UdpListenOptions
  readonly sessions: Map<string, Session>
  readonly wheel: TimerWheel
  stopping: boolean
  /** Called when the last session is over. */
  onEmpty: () => void
}

/** Listens for datagrams; rejects with the system's error when the port cannot be had. */
export async function listenUdp(options: UdpListenOptions): Promise<Listening> {
  const { host, ipv6Only = false } = options
  const server = createSocket(isIPv6(host) ? { type: 'udp6', ipv6Only } : { type: 'udp4' })
  const port = await bindTo(server, options)
  const listener: UdpListener = {
    server,
    options: { ...options, port },
    sessions: new Map(),
    wheel: createTimerWheel(),
    stopping: false,
    onEmpty() {},
  }
  server.on('message', (bytes, from) => receive(listener, bytes, from))
  return { port, stop: (graceMs) => stop(listener, graceMs) }
}

function bindTo(server: Socket, { host, port }: UdpListenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.bind({ address: host, port }, () => {
      server.off('error', reject).on('error', ignore)
      resolve(server.address().port)
    })
  })
}

function receive(listener: UdpListener, bytes: Buffer, from: RemoteInfo): void {
  const session =
    listener.sessions.get(keyOf(from)) ?? (listener.stopping ? undefined : begin(listener, from))
  if (session === undefined || session.refused) return
  touch(listener, session)
  if (session.opened !== undefined) pass(session, session.opened, bytes)
  else if (session.waiting.length < MOST_WAITING) session.waiting.push(bytes)
}

function pass({ passed }: Session, { socket }: OpenStream<DatagramPeer>, bytes: Buffer): void {
  passed.fromClient += bytes.length
  socket.send(bytes)
}

function keyOf({ address, port }: RemoteInfo): string {
  return `${address}|${port}`
}

function begin(listener: UdpListener, from: RemoteInfo): Session | undefined {
  const { sessions, options } = listener
  if (sessions.size >= (options.maxSessions ?? MOST_SESSIONS)) return undefined
  const plan = options.stream({
    protocol: 'udp',
    source: { ip: plainIp(from.address), port: from.port },
    destination: { ip: options.host, port: options.port },
  })
  if (plan === undefined) return undefined
  const session: Session = {
    deadline: 0,
    slot: 0,
    place: 0,
    expire: () => end(listener, keyOf(from), session),
    opened: undefined,
    over: false,
    waiting: [],
    readTimeout: plan.readTimeout,
    refused: false,
    ended: plan.ended,
    passed: { fromClient: 0, fromUpstream: 0 },
  }
  sessions.set(keyOf(from), session)
  void connect(listener, { session, plan, from })
  return session
}

interface Connecting {
  readonly session: Session
  readonly plan: StreamPlan
  readonly from: RemoteInfo
}

async function connect(listener: UdpListener, { session, plan, from }: Connecting): Promise<void> {
  const onReply = (bytes: Buffer): void => {
    if (session.over) return
    touch(listener, session)
    session.passed.fromUpstream += bytes.length
    listener.server.send(bytes, from.port, from.address, ignore)
  }
  if (plan.admit !== undefined && (await plan.admit()) !== undefined) {
    refuse(listener, keyOf(from), session)
    return
  }
  const opened = await plan.open(dialDatagrams(onReply))
  session.opened = opened
  if (opened === undefined) end(listener, keyOf(from), session)
  else if (session.over) close(opened)
  else for (const bytes of session.waiting.splice(0)) pass(session, opened, bytes)
}

/** Nothing is said to its sender, who is not judged anew with each datagram. */
function refuse(listener: UdpListener, key: string, session: Session): void {
  session.refused = true
  session.waiting.length = 0
  tell(session)
  if (listener.stopping) end(listener, key, session)
}

function tell(session: Session): void {
  const { ended, passed } = session
  session.ended = undefined
  ended?.({
    received: passed.fromClient,
    sent: passed.fromUpstream,
    upstreamReceived: passed.fromUpstream,
    upstreamSent: passed.fromClient,
  })
}

function touch({ wheel, stopping }: UdpListener, session: Session): void {
  wheel.arm(session, stopping ? Math.min(session.readTimeout, LAST_QUIET) : session.readTimeout)
}

function end({ sessions, wheel, onEmpty }: UdpListener, key: string, session: Session): void {
  if (session.over) return
  session.over = true
  wheel.forget(session)
  sessions.delete(key)
  if (session.opened !== undefined) close(session.opened)
  tell(session)
  if (sessions.size === 0) onEmpty()
}

function close({ socket, release }: OpenStream<DatagramPeer>): void {
  socket.close()
  release()
}

/** Takes no new senders; those there are may go on until they fall silent, or the time is up. */
async function stop(listener: UdpListener, graceMs: number): Promise<void> {
  const { sessions, server } = listener
  listener.stopping = true
  for (const [key, session] of [...sessions]) {
    if (session.refused) end(listener, key, session)
    else touch(listener, session)
  }
  const empty = new Promise<void>((resolve) => {
    listener.onEmpty = resolve
    if (sessions.size === 0) resolve()
  })
  const grace = setTimeout(() => {
    for (const [key, session] of [...sessions]) end(listener, key, session)
  }, graceMs)
  await empty
  clearTimeout(grace)
  await new Promise<void>((resolve) => server.close(() => resolve()))
}

function ignore(): void {}
