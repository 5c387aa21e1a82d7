import type { Files } from '../../src/ports/files.ts'
import { SocketError, type SocketPlace, type Sockets } from '../../src/ports/sockets.ts'
import type { Syslog } from '../../src/ports/syslog.ts'

const decoder = new TextDecoder()

/** Sockets that write down what goes through them. */
export interface FakeSockets extends Sockets {
  readonly opened: (SocketPlace & { readonly written: string[]; closed: boolean })[]
  readonly datagrams: { readonly to: string; readonly text: string }[]
  /** Why nothing can be sent, while it cannot. */
  broken: SocketError | undefined
}

/** Makes sockets that reach everybody. */
export function fakeSockets(caps: Partial<Sockets['caps']> = {}): FakeSockets {
  const sockets: FakeSockets = {
    opened: [],
    datagrams: [],
    broken: undefined,
    caps: {
      tcp: true,
      udp: true,
      unix: true,
      pooled: true,
      verifyOff: true,
      ownCertificates: true,
      ...caps,
    },
    async connect(place) {
      if (sockets.broken !== undefined) throw sockets.broken
      const one = { ...place, written: [] as string[], closed: false }
      sockets.opened.push(one)
      return {
        get open() {
          return !one.closed
        },
        async write(bytes) {
          if (sockets.broken !== undefined) throw sockets.broken
          one.written.push(decoder.decode(bytes))
        },
        onData() {},
        onClose() {},
        close() {
          one.closed = true
        },
      }
    },
    async sendDatagram({ host, port }, bytes) {
      if (sockets.broken !== undefined) throw sockets.broken
      sockets.datagrams.push({ to: `${host}:${port}`, text: decoder.decode(bytes) })
    },
    async close() {},
  }
  return sockets
}

/** Nobody listens. */
export const REFUSED = new SocketError('ECONNREFUSED', 'nobody listens')

/** Files in memory. */
export interface FakeFiles extends Files {
  readonly appended: { readonly path: string; readonly text: string; readonly reopen: boolean }[]
  full: boolean
}

/** Makes a disk without files. */
export function fakeFiles(): FakeFiles {
  const files: FakeFiles = {
    appended: [],
    full: false,
    async append(path, bytes, options) {
      if (files.full) throw new Error('no space')
      files.appended.push({ path, text: decoder.decode(bytes), reopen: options?.reopen === true })
    },
    read: async () => new Uint8Array(),
    async close() {},
  }
  return files
}

/** A system log in memory. */
export interface FakeSyslog extends Syslog {
  readonly written: { readonly priority: number; readonly line: string }[]
}

/** Makes a system log that takes everything. */
export function fakeSyslog(): FakeSyslog {
  const written: FakeSyslog['written'] = []
  return {
    written,
    async write(priority, line) {
      written.push({ priority, line })
    },
    async close() {},
  }
}
