import { expect, it } from 'vitest'
import { clientRequest, incoming } from '../proxy/fakes.ts'
import { openLua } from './open-lua.ts'

/** The head and body of the service's answer after one function saw its head. */
async function answeredAnew(code: string) {
  const { gateway } = await openLua({
    plugins_of_route: [{ name: 'pre-function', config: { header_filter: [code] } }],
    upstream: () =>
      incoming({
        body: new TextEncoder().encode('up'),
        headers: ['Content-Type', 'text/x-up', 'Content-Encoding', 'gzip', 'X-A', '1', 'X-B', '2'],
      }),
  })
  const answer = await gateway.handle(clientRequest({ target: '/', headers: [] }))
  const of = (name: string): string[] =>
    answer.headers.filter((_, i) => i % 2 === 1 && answer.headers[i - 1]?.toLowerCase() === name)
  const text = answer.body instanceof Uint8Array ? new TextDecoder().decode(answer.body) : ''
  return { status: answer.status, text, of }
}

// Kong: only what it names is set; the rest of the head is the one that was there.
it.each([
  { code: 'kong.response.exit(203, "new", { ["x-a"] = "9" })', type: ['text/x-up'], a: ['9'] },
  { code: 'kong.response.exit(203, { new = 1 })', type: ['application/json; charset=utf-8'] },
  { code: 'kong.response.exit(203)', type: ['text/x-up'] },
  { code: 'kong.response.error(503, "no")', type: ['application/json; charset=utf-8'] },
])('keeps the headers of an answer that is replaced: $code', async ({ code, type, a = ['1'] }) => {
  const { of } = await answeredAnew(code)
  expect([of('content-type'), of('x-a'), of('x-b')]).toEqual([type, a, ['2']])
  expect([of('via').length, of('content-length').length]).toEqual([1, 1])
})

it('tells no coding of a body that is gone', async () => {
  const { status, text, of } = await answeredAnew('kong.response.exit(203, "new")')
  expect([status, text, of('content-encoding'), of('content-length')]).toEqual([
    203,
    'new',
    [],
    ['3'],
  ])
})

it('keeps nothing when a function fails', async () => {
  const { status, of } = await answeredAnew('error("x")')
  expect([status, of('x-b')]).toEqual([500, []])
})
