import { expect } from 'vitest'
import { EndOfBytes } from './byte-reader.ts'
import { requestText } from './raw-client.ts'
import { ok, whenClosed } from './scripted-target.ts'
import type { WireCase, World } from './world.ts'

const CHUNKED = 'Transfer-Encoding: chunked\r\n'

/** Ends of a target's answer before its time. */
const CUTS: readonly (readonly [name: string, said: string, reset: boolean])[] = [
  ['a length, by an end', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', false],
  ['a length, by a reset', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', true],
  ['chunks, by an end', `HTTP/1.1 200 OK\r\n${CHUNKED}\r\n4\r\nhalf\r\n`, false],
  ['chunks, by a reset', `HTTP/1.1 200 OK\r\n${CHUNKED}\r\n4\r\nhalf\r\n`, true],
  ['a chunk, by an end', `HTTP/1.1 200 OK\r\n${CHUNKED}\r\n8\r\nhalf`, false],
  ['chunks, by nonsense', `HTTP/1.1 200 OK\r\n${CHUNKED}\r\n4\r\nhalf\r\nzz\r\n`, false],
]

const LEAVES: readonly (readonly [name: string, leave: 'end' | 'reset'])[] = [
  ['an end', 'end'],
  ['a reset', 'reset'],
]

type Leave = (typeof LEAVES)[number][1]

async function whenGone(world: World, leave: Leave, begin: string): Promise<void> {
  const { connect, target } = world
  const client = await connect()
  client.write(begin)
  const seen = await target.next()
  if (leave === 'end') client.socket.end()
  else client.socket.resetAndDestroy()
  await whenClosed(seen.socket)
}

/** Cases of messages that end before their time. */
export const abortCases: readonly WireCase[] = [
  ...CUTS.map(
    ([name, said, reset]): WireCase => ({
      name: `never passes an answer cut short on as whole: ${name}`,
      run: async ({ connect, target }) => {
        target.script = (seen) => {
          seen.write(said)
          if (reset) setTimeout(() => seen.socket.resetAndDestroy(), 10)
          else seen.socket.end()
        }
        const client = await connect()
        client.write(requestText('GET /', 'echo.test'))
        const outcome = await client.answer().then(
          ({ status }) => status,
          (error: unknown) => (error instanceof EndOfBytes ? 'cut' : error),
        )
        expect(['cut', 502]).toContain(outcome)
      },
    }),
  ),
  ...LEAVES.flatMap(([name, leave]): WireCase[] => [
    {
      name: `ends the call when its client leaves by ${name} while it waits`,
      run: async (world) => {
        world.target.script = () => {}
        await whenGone(world, leave, requestText('GET /', 'echo.test'))
      },
    },
    {
      name: `ends the call when its client leaves by ${name} in the middle of the answer`,
      run: async ({ connect, target }) => {
        target.script = (seen) => seen.write(`HTTP/1.1 200 OK\r\n${CHUNKED}\r\n3\r\nabc\r\n`)
        const client = await connect()
        client.write(requestText('GET /', 'echo.test'))
        await client.head()
        await client.reader.some()
        const seen = await target.next()
        if (leave === 'end') client.socket.destroy()
        else client.socket.resetAndDestroy()
        // workerd sees a client leave when it writes.
        const drip = setInterval(() => seen.write('1\r\nx\r\n'), 5)
        await whenClosed(seen.socket)
        clearInterval(drip)
      },
    },
    {
      name: `never passes an upload cut short by ${name} on as whole (length)`,
      run: async ({ connect, target }) => {
        const client = await connect()
        client.write(requestText('POST /', 'unbuffered.test', 'Content-Length: 10\r\n', 'half'))
        const seen = await target.next()
        if (leave === 'end') client.socket.end()
        else client.socket.resetAndDestroy()
        await expect(seen.body()).rejects.toThrow(EndOfBytes)
      },
    },
    {
      name: `never passes an upload cut short by ${name} on as whole (chunks)`,
      run: async ({ connect, target }) => {
        const client = await connect()
        client.write(`${requestText('POST /', 'unbuffered.test', CHUNKED)}4\r\nhalf\r\n`)
        const seen = await target.next()
        if (leave === 'end') client.socket.end()
        else client.socket.resetAndDestroy()
        await expect(seen.body()).rejects.toThrow(EndOfBytes)
      },
    },
  ]),
  {
    name: 'never passes a broken chunked upload on as whole',
    run: async ({ connect, target }) => {
      const client = await connect()
      client.write(`${requestText('POST /', 'unbuffered.test', CHUNKED)}4\r\nhalf\r\nzz\r\n`)
      // Whatever it is told, a target that was asked must have been left in the middle.
      await client.answer().catch(() => undefined)
      for (const seen of target.seen) await expect(seen.body()).rejects.toThrow(EndOfBytes)
    },
  },
  {
    name: 'serves others after a client has left',
    run: async (world) => {
      world.target.script = () => {}
      await whenGone(world, 'reset', requestText('GET /', 'echo.test'))
      world.target.script = ok
      expect((await world.get('/')).answer.status).toBe(200)
    },
  },
]
