import { createRespParser } from '../../lib/resp-parser.ts'
import {
  type ByteSocket,
  SocketError,
  type SocketPlace,
  type Sockets,
} from '../../ports/sockets.ts'

/** What a fake Redis does with a command: replies in RESP, says nothing, or closes the connection. */
export type React = (words: readonly string[]) => string | undefined | 'close'

/** A Redis without a network. */
export interface FakeRedis {
  readonly sockets: Sockets
  /** Where connections went, refused ones too. */
  readonly places: SocketPlace[]
  /** The commands of each connection, in order. */
  readonly heard: string[][]
  /** Whether each connection is open, and whether it keeps the process going. */
  readonly states: { open: boolean; held: boolean }[]
  /** What commands are answered; `+OK` unless it is set. */
  react: React
  /** Why connecting fails, while it does. */
  refuse: string | undefined
  /** Sends what nobody asked for on each open connection. */
  say(wire: string): void
  /** Ends every connection, as a server does that restarts. */
  hangUp(): void
}

/** Makes one; `pooled` is what its sockets say of themselves. */
export function createFakeRedis({ pooled = true } = {}): FakeRedis {
  const talk: { say(wire: string): void; hangUp(): void }[] = []
  const fake: FakeRedis = {
    sockets: {
      caps: { tcp: true, udp: false, unix: false, pooled, verifyOff: true, ownCertificates: true },
      async connect(place) {
        fake.places.push(place)
        if (fake.refuse !== undefined) throw new SocketError(fake.refuse, `It said ${fake.refuse}`)
        const { socket, ...rest } = openFake(fake)
        talk.push(rest)
        return socket
      },
      async close() {},
    },
    places: [],
    heard: [],
    states: [],
    react: () => '+OK\r\n',
    refuse: undefined,
    say: (wire) => talk.forEach(({ say }) => void say(wire)),
    hangUp: () => talk.splice(0).forEach(({ hangUp }) => void hangUp()),
  }
  return fake
}

function openFake(fake: FakeRedis) {
  const heard: string[] = []
  const state = { open: true, held: true }
  fake.heard.push(heard)
  fake.states.push(state)
  const parser = createRespParser()
  let data = (_bytes: Uint8Array): void => {}
  let closed = (_error?: SocketError): void => {}
  const close = (): void => {
    if (!state.open) return
    state.open = false
    closed()
  }
  const say = (wire: string): void => {
    if (state.open) data(new TextEncoder().encode(wire))
  }
  const socket: ByteSocket = {
    get open() {
      return state.open
    },
    async write(bytes) {
      for (const command of parser.feed(bytes)) {
        const words = Array.isArray(command) ? command.map(String) : []
        heard.push(words.join(' '))
        const answer = fake.react(words)
        if (answer === 'close') close()
        else if (answer !== undefined) say(answer)
      }
    },
    onData: (listener) => {
      data = listener
    },
    onClose: (listener) => {
      closed = listener
    },
    close,
    hold: (holds) => {
      state.held = holds
    },
  }
  return { socket, say, hangUp: close }
}
