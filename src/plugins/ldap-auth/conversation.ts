import { type LdapResult, readLdapResult } from '../../lib/ldap-message.ts'
import { type ByteSocket, SocketError } from '../../ports/sockets.ts'

/** How long an answer is waited for. */
export interface Patience {
  /** Milliseconds. */
  readonly timeout: number
  readonly after: (milliseconds: number, run: () => void) => () => void
}

/** Questions and answers, one after the other. */
export interface Conversation {
  ask(tag: number, write: (id: number) => Uint8Array): Promise<LdapResult>
  /** Whether nothing came that nobody asked for. */
  isClean(): boolean
}

/** What was asked last. */
interface Question {
  readonly id: number
  /** The answer's. */
  readonly tag: number
  readonly settle: (outcome: LdapResult | SocketError) => void
}

interface Talk extends Patience {
  readonly socket: ByteSocket
  unread: Uint8Array
  waiting: Question | undefined
  lastId: number
}

/** Listens to a socket, which is closed at the first thing that is no answer. */
export function conversationOver(socket: ByteSocket, { timeout, after }: Patience): Conversation {
  const none = new Uint8Array()
  const talk: Talk = { socket, timeout, after, unread: none, waiting: undefined, lastId: 0 }
  socket.onClose((error) =>
    end(talk, error ?? new SocketError('ECONNRESET', 'The directory hung up')),
  )
  socket.onData((bytes) => hear(talk, bytes))
  return {
    isClean: () => talk.unread.length === 0,
    ask: (tag, write) => ask(talk, tag, write),
  }
}

function end(talk: Talk, error: SocketError): void {
  talk.waiting?.settle(error)
  talk.waiting = undefined
  talk.socket.close()
}

function hear(talk: Talk, bytes: Uint8Array): void {
  const { waiting } = talk
  talk.unread = new Uint8Array([...talk.unread, ...bytes])
  const reading = readLdapResult(talk.unread)
  if (reading === 'incomplete') return
  // Nobody asked, nobody is answered: nothing that comes is for the next one either.
  const { result, length } = reading === 'broken' ? { result: undefined, length: 0 } : reading
  if (result === undefined || result.id !== waiting?.id || result.tag !== waiting.tag) {
    end(talk, new SocketError('EPROTO', 'The directory does not answer as LDAP does'))
    return
  }
  talk.unread = talk.unread.slice(length)
  waiting.settle(result)
  talk.waiting = undefined
}

function ask(talk: Talk, tag: number, write: (id: number) => Uint8Array): Promise<LdapResult> {
  return new Promise((resolve, reject) => {
    talk.lastId = (talk.lastId % 127) + 1
    const late = talk.after(talk.timeout, () =>
      end(talk, new SocketError('ETIMEDOUT', 'The directory does not answer in time')),
    )
    talk.waiting = {
      id: talk.lastId,
      tag,
      settle(outcome) {
        late()
        if (outcome instanceof SocketError) reject(outcome)
        else resolve(outcome)
      },
    }
    talk.socket.write(write(talk.lastId)).catch((error: unknown) => {
      const told = error instanceof SocketError ? error : new SocketError('EPIPE', `${error}`)
      end(talk, told)
    })
  })
}
