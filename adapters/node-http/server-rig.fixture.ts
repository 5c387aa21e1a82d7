import { afterEach } from 'vitest'
import { type RawPeer, rawClient } from './raw-peers.fixture.ts'
import { type Listening, type ListenOptions, listen } from './server.ts'

/** Listeners and raw clients of a test file, all of them gone after each test. */
export interface ServerRig {
  serve(handle: ListenOptions['handle'], more?: Partial<ListenOptions>): Promise<Listening>
  client(listening: Listening): RawPeer
  /** Both in one. */
  connect(handle: ListenOptions['handle'], more?: Partial<ListenOptions>): Promise<RawPeer>
}

/** To be called once, at the top of a test file. */
export function serverRig(): ServerRig {
  const open: Listening[] = []
  const peers: RawPeer[] = []
  afterEach(async () => {
    for (const peer of peers.splice(0)) peer.socket.destroy()
    await Promise.all(open.splice(0).map((listening) => listening.stop(0)))
  })
  const rig: ServerRig = {
    async serve(handle, more = {}) {
      const listening = await listen({ host: '127.0.0.1', port: 0, handle, ...more })
      open.push(listening)
      return listening
    },
    client(listening) {
      const peer = rawClient(listening.port)
      peers.push(peer)
      return peer
    },
    connect: async (handle, more) => rig.client(await rig.serve(handle, more)),
  }
  return rig
}

/** Notes how often and how an answer's end was told. */
export function noting() {
  const notes: boolean[] = []
  let told: () => void = () => {}
  const first = new Promise<void>((resolve) => {
    told = resolve
  })
  const finished = (whole: boolean) => {
    notes.push(whole)
    told()
  }
  return { notes, first, finished }
}
