import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { type RawClient, requestText } from './raw-client.ts'
import { plain, type Script, type Seen } from './scripted-target.ts'
import type { WireCase, World } from './world.ts'

const HANDSHAKE =
  'Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'

const TEXT = 0x81
const BINARY = 0x82
const CLOSE = 0x88
const PING = 0x89
const PONG = 0x8a

/** RFC 6455 §1.3. */
function acceptOf(seen: Seen): string {
  const key = `${seen.values('sec-websocket-key').join()}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
  return createHash('sha1').update(key).digest('base64')
}

/** Agrees to a WebSocket, then goes on. */
function agreeing(headers = '', then: Script = () => {}): Script {
  return async (seen) => {
    seen.switched = true
    seen.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${acceptOf(seen)}\r\n${headers}\r\n`,
    )
    await then(seen)
  }
}

const MASK = Buffer.from([1, 2, 3, 4])

/** A frame of a client, masked. */
function fromClient(first: number, payload: string): Buffer {
  const masked = Buffer.from(payload, 'latin1').map((byte, at) => byte ^ (MASK[at % 4] ?? 0))
  return Buffer.concat([Buffer.from([first, 0x80 | payload.length]), MASK, masked])
}

/** A frame of a server. */
function fromServer(first: number, payload: string): Buffer {
  return Buffer.concat([Buffer.from([first, payload.length]), Buffer.from(payload, 'latin1')])
}

/** Reads a short frame: its first byte and what it says. */
async function readFrame({ reader }: Pick<RawClient, 'reader'>): Promise<[number, string]> {
  const [first = 0, second = 0] = await reader.take(2)
  const mask = second & 0x80 ? await reader.take(4) : Buffer.alloc(4)
  const payload = await reader.take(second & 0x7f)
  return [
    first,
    Buffer.from(payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0))).toString('latin1'),
  ]
}

async function open({ connect, target }: World, script: Script): Promise<[RawClient, Seen]> {
  target.script = script
  const client = await connect()
  client.write(requestText('GET /chat?a=b', 'echo.test', HANDSHAKE))
  const answer = await client.answer()
  expect(answer.status).toBe(101)
  return [client, await target.next()]
}

const TALKS: readonly WireCase[] = [
  {
    name: 'carries text and binary frames both ways',
    run: async (world) => {
      const [client, seen] = await open(world, agreeing())
      client.write(fromClient(TEXT, 'hello'))
      expect(await readFrame(seen)).toEqual([TEXT, 'hello'])
      seen.write(fromServer(BINARY, '\x00\xff'))
      expect(await readFrame(client)).toEqual([BINARY, '\x00\xff'])
    },
  },
  {
    name: 'carries fragments as they were cut',
    run: async (world) => {
      const [client, seen] = await open(world, agreeing())
      for (const [first, part] of [
        [0x01, 'a'],
        [0x00, 'b'],
        [0x80, 'c'],
      ] as const) {
        client.write(fromClient(first, part))
        expect(await readFrame(seen)).toEqual([first, part])
      }
    },
  },
  {
    name: 'carries pings and pongs',
    run: async (world) => {
      const [client, seen] = await open(world, agreeing())
      client.write(fromClient(PING, 'p'))
      expect(await readFrame(seen)).toEqual([PING, 'p'])
      seen.write(fromServer(PONG, 'p'))
      expect(await readFrame(client)).toEqual([PONG, 'p'])
      seen.write(fromServer(PING, 'q'))
      expect(await readFrame(client)).toEqual([PING, 'q'])
    },
  },
  ...['\x03\xe8bye', '\x0f\xa0own', ''].map(
    (payload): WireCase => ({
      name: `carries the close of a client: ${JSON.stringify(payload)}`,
      run: async (world: World) => {
        const [client, seen] = await open(world, agreeing())
        client.write(fromClient(CLOSE, payload))
        expect(await readFrame(seen)).toEqual([CLOSE, payload])
        seen.write(fromServer(CLOSE, payload))
        seen.socket.end()
        expect(await readFrame(client)).toEqual([CLOSE, payload])
        await client.reader.end()
      },
    }),
  ),
  {
    name: 'carries the close of a target, code and reason',
    run: async (world) => {
      const [client, seen] = await open(world, agreeing())
      seen.write(fromServer(CLOSE, '\x03\xf3broken'))
      expect(await readFrame(client)).toEqual([CLOSE, '\x03\xf3broken'])
      client.write(fromClient(CLOSE, '\x03\xf3'))
      expect(await readFrame(seen)).toEqual([CLOSE, '\x03\xf3'])
    },
  },
  {
    name: 'carries a frame of 64 KiB',
    run: async (world) => {
      const [client, seen] = await open(world, agreeing())
      const head = Buffer.from([BINARY, 127, 0, 0, 0, 0, 0, 1, 0, 0])
      seen.write(Buffer.concat([head, Buffer.alloc(65_536, 7)]))
      expect((await client.reader.take(head.length)).equals(head)).toBe(true)
      expect((await client.reader.take(65_536)).every((byte) => byte === 7)).toBe(true)
    },
  },
  {
    name: 'carries a frame sent right behind the 101',
    run: async (world) => {
      const early: Script = (seen) => {
        seen.socket.cork()
        void agreeing('', () => seen.write(fromServer(TEXT, 'early')))(seen)
        seen.socket.uncork()
      }
      const [client] = await open(world, early)
      expect(await readFrame(client)).toEqual([TEXT, 'early'])
    },
  },
  {
    name: "ends the target's side when the client is lost",
    run: async (world) => {
      const [client, seen] = await open(world, agreeing())
      client.socket.resetAndDestroy()
      await seen.reader.rest()
    },
  },
  {
    name: "ends the client's side when the target is lost",
    run: async (world) => {
      const [client, seen] = await open(world, agreeing())
      seen.socket.resetAndDestroy()
      await client.reader.rest()
    },
  },
]

const HEADS: readonly WireCase[] = [
  {
    name: 'passes the handshake up with its path and what it asks for',
    run: async (world) => {
      const [, seen] = await open(world, agreeing())
      expect([seen.method, seen.target]).toEqual(['GET', '/chat?a=b'])
      expect(seen.values('upgrade')).toEqual(['websocket'])
      expect(seen.values('connection').join().toLowerCase()).toContain('upgrade')
      expect(seen.values('x-forwarded-for')).toEqual(['127.0.0.1'])
    },
  },
  {
    name: "passes the client's own key up",
    run: async (world) => {
      const [, seen] = await open(world, agreeing())
      expect(seen.values('sec-websocket-key')).toEqual(['dGhlIHNhbXBsZSBub25jZQ=='])
    },
  },
  {
    name: 'passes the 101 down with its headers and its protocol',
    run: async ({ connect, target }) => {
      target.script = agreeing('Sec-WebSocket-Protocol: chat\r\nX-Own: kept\r\n')
      const client = await connect()
      client.write(
        requestText('GET /', 'echo.test', `${HANDSHAKE}Sec-WebSocket-Protocol: chat, b\r\n`),
      )
      const answer = await client.answer()
      expect([answer.status, answer.values('sec-websocket-protocol')]).toEqual([101, ['chat']])
      expect(answer.values('x-own')).toEqual(['kept'])
      expect(answer.values('sec-websocket-accept')).toEqual(['s3pPLMBiTxaQ9kYGzzhZRbK+xOo='])
      expect(answer.values('upgrade').join().toLowerCase()).toBe('websocket')
    },
  },
  ...['200 OK', '401 Unauthorized', '503 Busy'].map(
    (status): WireCase => ({
      name: `passes a refusal on whole: ${status}`,
      run: async ({ exchange }: World) => {
        const { answer } = await exchange(requestText('GET /', 'echo.test', HANDSHAKE), {
          answer: plain('no sockets', 'X-Own: kept\r\n', status),
        })
        expect([`${answer.status} ${answer.reason}`, answer.text]).toEqual([status, 'no sockets'])
        expect(answer.values('x-own')).toEqual(['kept'])
      },
    }),
  ),
  {
    name: 'answers 502 to a handshake the target cannot take',
    run: async ({ exchange }) => {
      const { answer } = await exchange(requestText('GET /', 'closed.test', HANDSHAKE))
      expect(answer.status).toBe(502)
    },
  },
  {
    name: 'answers 404 to a handshake no route takes',
    run: async ({ exchange }) => {
      const { answer } = await exchange(requestText('GET /', 'nobody.test', HANDSHAKE))
      expect(answer.status).toBe(404)
    },
  },
]

const NO_TUNNEL: readonly WireCase[] = [
  {
    name: 'lets nothing through before the target has agreed',
    run: async ({ connect, target }) => {
      let early = 0
      target.script = async (seen) => {
        // What was sent behind the handshake would be here by the time a second request is.
        await Promise.race([seen.reader.more(), target.next(2)])
        early = seen.reader.waiting
        await agreeing()(seen)
      }
      const client = await connect()
      client.write(requestText('GET /', 'echo.test', HANDSHAKE))
      await target.next()
      client.write(requestText('GET /smuggled', 'echo.test'))
      const second = await connect()
      second.write(requestText('GET /second', 'echo.test'))
      expect((await client.answer()).status).toBe(101)
      expect(early).toBe(0)
      expect(target.paths).not.toContain('/smuggled')
    },
  },
  {
    name: 'opens no tunnel where the target refuses',
    run: async ({ connect, target }) => {
      target.script = async (seen) => {
        await seen.body()
        seen.write(plain('no', '', '400 No'))
      }
      const client = await connect()
      client.write(
        requestText('GET /', 'echo.test', HANDSHAKE) + requestText('GET /smuggled', 'echo.test'),
      )
      expect((await client.answer()).status).toBe(400)
      const next = await client.answer().catch(() => undefined)
      // It is a request of its own, answered by the gateway's rules, or not read at all.
      const smuggled = target.seen.filter(({ target: path }) => path === '/smuggled')
      expect(smuggled.every((seen) => seen.values('via').length === 1)).toBe(true)
      expect(smuggled.length).toBe(next === undefined ? 0 : 1)
    },
  },
  {
    name: "passes the target's offer of what was asked for on",
    run: async ({ connect, target }) => {
      for (const [offer, passed] of [
        ['WebSocket', ['WebSocket']],
        ['h2c', []],
      ] as const) {
        target.script = async (seen) => {
          await seen.body()
          seen.write(plain('no', `Upgrade: ${offer}\r\n`, '426 No'))
        }
        const client = await connect()
        client.write(requestText('GET /', 'echo.test', HANDSHAKE))
        const answer = await client.answer()
        expect([answer.status, answer.values('upgrade')]).toEqual([426, passed])
      }
    },
  },
  ...['h2c', 'TLS/1.0', 'websocket2'].map(
    (protocol): WireCase => ({
      name: `opens no tunnel for ${protocol}`,
      run: async ({ exchange }: World) => {
        const headers = `Connection: Upgrade, HTTP2-Settings\r\nUpgrade: ${protocol}\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n`
        const { answer, up } = await exchange(requestText('GET /', 'echo.test', headers))
        expect([answer.status, up().values('upgrade')]).toEqual([200, []])
        expect(up().values('http2-settings')).toEqual([])
      },
    }),
  ),
]

/** Cases of WebSockets. */
export const webSocketCases: readonly WireCase[] = [...TALKS, ...HEADS, ...NO_TUNNEL]
