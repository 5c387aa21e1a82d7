import { expect } from 'vitest'
import { chunked } from './message.ts'
import { requestText } from './raw-client.ts'
import { answering, plain } from './scripted-target.ts'
import type { WireCase, World } from './world.ts'

/** Answers with the path it was asked for. */
const naming: World['target']['script'] = async (seen) => {
  await seen.body()
  seen.write(plain(seen.target))
}

const INTERIM: readonly WireCase[] = [
  {
    name: 'invites a client that waits for 100, when its body is wanted',
    run: async ({ connect, target }) => {
      const client = await connect()
      client.write(
        requestText('POST /', 'echo.test', 'Expect: 100-continue\r\nContent-Length: 5\r\n'),
      )
      expect((await client.head()).status).toBe(100)
      client.write('hello')
      expect((await client.answer()).status).toBe(200)
      const seen = await target.next()
      expect([`${(await seen.body()).bytes}`, seen.values('expect')]).toEqual(['hello', []])
    },
  },
  {
    name: 'invites nobody whose request it refuses',
    run: async ({ connect }) => {
      const client = await connect()
      client.write(
        requestText('POST /', 'nobody.test', 'Expect: 100-continue\r\nContent-Length: 5\r\n'),
      )
      expect((await client.head()).status).toBe(404)
    },
  },
  {
    name: 'takes the body of a client that does not wait',
    run: async ({ exchange }) => {
      const { answer, up } = await exchange(
        requestText(
          'POST /',
          'echo.test',
          'Expect: 100-continue\r\nContent-Length: 5\r\n',
          'hello',
        ),
      )
      expect([answer.status, `${(await up().body()).bytes}`]).toEqual([200, 'hello'])
    },
  },
  {
    name: 'answers 417 to any other expectation',
    run: async ({ exchange, target }) => {
      const { answer } = await exchange(requestText('GET /', 'echo.test', 'Expect: a miracle\r\n'))
      expect([answer.status, target.paths]).toEqual([417, []])
    },
  },
  ...['100 Continue', '102 Processing', '103 Early Hints'].map(
    (interim): WireCase => ({
      name: `passes over a ${interim} of the target`,
      run: async ({ get }: World) => {
        const { answer } = await get('/', '', {
          answer: `HTTP/1.1 ${interim}\r\nLink: </a>\r\n\r\n${plain('final')}`,
        })
        expect([answer.status, answer.text]).toEqual([200, 'final'])
      },
    }),
  ),
]

const REUSE: readonly WireCase[] = [
  {
    name: 'answers many requests on one connection, and uses one to the target',
    run: async ({ connect, target }) => {
      target.script = naming
      const client = await connect()
      for (const n of [1, 2, 3, 4, 5]) {
        client.write(requestText(`GET /${n}`, 'echo.test'))
        expect((await client.answer()).text).toBe(`/${n}`)
      }
      expect(new Set(target.seen.map(({ connection }) => connection)).size).toBe(1)
    },
  },
  {
    name: 'answers pipelined requests in their order',
    run: async ({ connect, target }) => {
      target.script = naming
      const client = await connect()
      const paths = ['/1', '/2', '/3', '/4']
      client.write(paths.map((path) => requestText(`GET ${path}`, 'echo.test')).join(''))
      for (const path of paths) expect((await client.answer()).text).toBe(path)
    },
  },
  {
    name: 'keeps the order although a later answer is ready first',
    run: async ({ connect, target }) => {
      target.script = async (seen) => {
        if (seen.target === '/slow') await new Promise((done) => setTimeout(done, 30))
        await naming(seen)
      }
      const client = await connect()
      client.write(requestText('GET /slow', 'echo.test') + requestText('GET /fast', 'echo.test'))
      expect((await client.answer()).text).toBe('/slow')
      expect((await client.answer()).text).toBe('/fast')
    },
  },
  {
    name: 'finds the next request behind bodies of every framing',
    run: async ({ connect, target }) => {
      target.script = naming
      const client = await connect()
      client.write(requestText('POST /1', 'echo.test', 'Content-Length: 5\r\n', 'GET /'))
      client.write(requestText('POST /2', 'echo.test', 'Transfer-Encoding: chunked\r\n'))
      client.write(chunked(['GET /x HTTP/1.1\r\n\r\n']))
      client.write(requestText('GET /3', 'echo.test'))
      for (const path of ['/1', '/2', '/3']) expect((await client.answer()).text).toBe(path)
      expect(target.paths).toEqual(['/1', '/2', '/3'])
    },
  },
  {
    name: 'finds the next request behind a body nobody wanted',
    run: async ({ connect }) => {
      const client = await connect()
      client.write(requestText('POST /1', 'nobody.test', 'Content-Length: 5\r\n', 'GET /'))
      expect((await client.answer()).status).toBe(404)
      client.write(requestText('GET /2', 'echo.test'))
      expect((await client.answer()).text).toBe('ok')
    },
  },
  {
    name: 'answers a handshake after what was asked before it',
    run: async ({ connect, target }) => {
      target.script = async (seen) => {
        await new Promise((done) => setTimeout(done, 20))
        await naming(seen)
      }
      const client = await connect()
      const handshake =
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
      client.write(requestText('GET /slow', 'echo.test'))
      client.write(requestText('GET /fast', 'nobody.test', handshake))
      expect((await client.answer()).text).toBe('/slow')
      expect((await client.answer()).status).toBe(404)
    },
  },
  {
    name: 'closes where the client asks it to',
    run: async ({ connect }) => {
      const client = await connect()
      client.write(requestText('GET /', 'echo.test', 'Connection: close\r\n'))
      const answer = await client.answer()
      expect(answer.values('connection').join()).toMatch(/close/i)
      await client.reader.end()
    },
  },
  {
    name: "keeps the client's connection although the target closes its own",
    run: async ({ connect, target }) => {
      target.script = async (seen) => {
        await seen.body()
        seen.socket.end(plain('ok', 'Connection: close\r\n'))
      }
      const client = await connect()
      for (const _ of [1, 2]) {
        client.write(requestText('GET /', 'echo.test'))
        expect((await client.answer()).text).toBe('ok')
      }
    },
  },
  {
    name: 'answers a GET although the pooled connection had died',
    run: async ({ connect, target, get }) => {
      target.script = answering(plain('ok'))
      await get('/')
      for (const socket of target.open) socket.destroy()
      const client = await connect()
      client.write(requestText('GET /', 'echo.test'))
      expect((await client.answer()).status).toBe(200)
    },
  },
  {
    name: 'lets no answer nobody asked for become the next',
    run: async ({ get, target }) => {
      target.script = answering(plain('first') + plain('poison'))
      expect((await get('/')).answer.text).toBe('first')
      target.script = answering(plain('second'))
      expect((await get('/')).answer.text).toBe('second')
    },
  },
  {
    name: 'takes empty lines between requests',
    run: async ({ connect }) => {
      const client = await connect()
      client.write(`\r\n${requestText('GET /', 'echo.test')}`)
      expect((await client.answer()).status).toBe(200)
    },
  },
  {
    name: 'serves a client that closes its own side after asking',
    run: async ({ connect }) => {
      const client = await connect()
      client.write(requestText('GET /', 'echo.test', 'Connection: close\r\n'))
      const answer = client.answer()
      expect((await answer).status).toBe(200)
      client.socket.end()
    },
  },
]

const HTTPS: readonly WireCase[] = [
  {
    name: 'answers 426 where https is wanted',
    run: async ({ exchange, target }) => {
      const { answer } = await exchange(requestText('GET /', 'https-426.test'))
      expect([answer.status, JSON.parse(answer.text).message, target.paths]).toEqual([
        426,
        'Please use HTTPS protocol',
        [],
      ])
    },
  },
  {
    name: 'names what to upgrade to in a 426',
    run: async ({ exchange }) => {
      const { answer } = await exchange(requestText('GET /', 'https-426.test'))
      expect(answer.values('upgrade')).toEqual(['TLS/1.2, HTTP/1.1'])
      expect(answer.values('connection').join().toLowerCase()).toContain('upgrade')
    },
  },
  ...[301, 302, 307, 308].map(
    (status): WireCase => ({
      name: `redirects to https with ${status}, host without port, target raw`,
      run: async ({ exchange }: World) => {
        const { answer } = await exchange(
          requestText('GET /a/../%41?b=%zz', `https-${status}.test:8000`),
        )
        expect([answer.status, answer.values('location')]).toEqual([
          status,
          [`https://https-${status}.test/a/../%41?b=%zz`],
        ])
      },
    }),
  ),
  {
    name: 'believes a trusted peer that the client came by https',
    run: async ({ exchange }) => {
      const bytes = requestText('GET /', 'https-426.test', 'X-Forwarded-Proto: https\r\n')
      expect((await exchange(bytes, { trusted: true })).answer.status).toBe(200)
      expect((await exchange(bytes)).answer.status).toBe(426)
    },
  },
  {
    name: 'redirects to the host a trusted peer names',
    run: async ({ exchange }) => {
      const bytes = requestText('GET /x', 'https-301.test', 'X-Forwarded-Host: outer.test\r\n')
      const { answer } = await exchange(bytes, { trusted: true })
      expect(answer.values('location')).toEqual(['https://outer.test/x'])
    },
  },
]

/** Cases of 1xx answers, of connections and of https redirects. */
export const connectionCases: readonly WireCase[] = [...INTERIM, ...REUSE, ...HTTPS]
