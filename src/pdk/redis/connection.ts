import { joinBytes } from '../../lib/join-bytes.ts'
import { encodeCommand, isRespPush, type Reply } from '../../lib/resp.ts'
import { createRespParser, type RespLimits } from '../../lib/resp-parser.ts'
import type { ByteSocket } from '../../ports/sockets.ts'
import type { RedisCommand } from './redis-client.ts'
import { failureOf, RedisError } from './redis-error.ts'

/** How a connection is used. */
export interface ConnectionOptions {
  /** Milliseconds a command may take. */
  readonly timeout: number
  readonly limits: RespLimits
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number
}

/** One connection: commands go out in order, and so come their replies. */
export interface Connection {
  readonly open: boolean
  /** Gives a reply for each command; rejects with a RedisError. */
  send(commands: readonly RedisCommand[]): Promise<readonly Reply[]>
  close(): void
}

/** Commands sent together, and those of their replies that came. */
interface Waiting {
  readonly count: number
  readonly replies: Reply[]
  readonly deadline: number
  readonly resolve: (replies: readonly Reply[]) => void
  readonly reject: (error: RedisError) => void
}

interface State {
  readonly socket: ByteSocket
  readonly options: ConnectionOptions
  readonly waiting: Waiting[]
  /** What goes out at the end of this turn, in one write. */
  readonly outbox: Uint8Array[]
  timer: ReturnType<typeof setTimeout> | undefined
  broken: RedisError | undefined
}

/** Speaks RESP over a socket that is connected. */
export function connectionOver(socket: ByteSocket, options: ConnectionOptions): Connection {
  const state: State = {
    socket,
    options,
    waiting: [],
    outbox: [],
    timer: undefined,
    broken: undefined,
  }
  const parser = createRespParser(options.limits)
  socket.onData((bytes) => {
    for (const reply of parser.feed(bytes)) take(state, reply)
    if (parser.broken !== undefined) drop(state, new RedisError('PROTOCOL', parser.broken))
  })
  socket.onClose((error) => {
    drop(state, error === undefined ? ended() : failureOf(error))
  })
  socket.hold?.(false)

  return {
    get open() {
      return state.broken === undefined && socket.open
    },
    send: (commands) => send(state, commands),
    close: () => drop(state, ended()),
  }
}

function ended(): RedisError {
  return new RedisError('CLOSED', 'The connection to Redis is closed')
}

function send(state: State, commands: readonly RedisCommand[]): Promise<readonly Reply[]> {
  const { socket, options, waiting, outbox, broken } = state
  if (broken !== undefined) return Promise.reject(broken)
  if (commands.length === 0) return Promise.resolve([])
  if (outbox.length === 0) queueMicrotask(() => flush(state))
  for (const command of commands) outbox.push(encodeCommand(command))
  return new Promise((resolve, reject) => {
    const deadline = options.now() + options.timeout
    waiting.push({ count: commands.length, replies: [], deadline, resolve, reject })
    if (waiting.length > 1) return
    socket.hold?.(true)
    watch(state)
  })
}

function flush(state: State): void {
  const bytes = joinBytes(state.outbox.splice(0))
  if (state.broken !== undefined) return
  state.socket.write(bytes).catch((error: unknown) => drop(state, failureOf(error)))
}

function take(state: State, reply: Reply): void {
  if (state.broken !== undefined || isRespPush(reply)) return
  const [first] = state.waiting
  if (first === undefined) {
    // Whatever it is, it must not become the next command's reply.
    drop(state, new RedisError('PROTOCOL', 'Redis sent a reply that nobody asked for'))
    return
  }
  first.replies.push(reply)
  if (first.replies.length < first.count) return
  state.waiting.shift()
  first.resolve(first.replies)
  if (state.waiting.length > 0) return
  clearTimeout(state.timer)
  state.timer = undefined
  state.socket.hold?.(false)
}

/** One timer for all: replies come in order, so the first one is the first to be late. */
function watch(state: State): void {
  const [first] = state.waiting
  if (first === undefined || state.timer !== undefined) return
  const { now, timeout } = state.options
  state.timer = setTimeout(
    () => {
      state.timer = undefined
      const [next] = state.waiting
      if (next !== undefined && next.deadline <= now()) {
        // Its reply may still come, in the place of another's.
        drop(state, new RedisError('ETIMEDOUT', `Redis did not answer within ${timeout} ms`))
      } else watch(state)
    },
    Math.max(1, Math.ceil(first.deadline - now())),
  )
}

function drop(state: State, reason: RedisError): void {
  if (state.broken !== undefined) return
  state.broken = reason
  clearTimeout(state.timer)
  state.outbox.length = 0
  state.socket.close()
  for (const { reject } of state.waiting.splice(0)) reject(reason)
}
