import { describe, expect, it } from 'vitest'
import { encodeMessage, readQuery } from '../../test/dns/wire.ts'
import { createHttpsResolver } from './https-resolver.ts'

const TYPE = { 'content-type': 'application/dns-message' }

/** A resolver whose server does as it is told; what came is kept. */
function open(serve: (question: ReturnType<typeof readQuery>) => Response | Promise<Response>) {
  const requests: Request[] = []
  const resolver = createHttpsResolver({
    url: 'https://dns.example/dns-query',
    timeout: 50,
    async fetch(input, init) {
      const request = new Request(input, init)
      requests.push(request.clone())
      const answer = serve(readQuery(new Uint8Array(await request.arrayBuffer())))
      const late = new Promise<never>((_, reject) => {
        const { signal } = init ?? {}
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
      })
      return Promise.race([answer, late])
    },
  })
  return { resolver, requests }
}

function message(parts: Parameters<typeof encodeMessage>[0]): Response {
  const body = encodeMessage(parts) as Uint8Array<ArrayBuffer> // made from a plain list
  return new Response(body, { headers: TYPE })
}

describe('a resolver over HTTPS', () => {
  it('posts a message and reads one', async () => {
    const { resolver, requests } = open((question) =>
      message({
        ...question,
        answers: [{ type: 'SRV', value: 'b.example', port: 443, weight: 2 }],
      }),
    )
    expect(await resolver.query('a.example', 'SRV')).toMatchObject({
      ok: true,
      records: [{ target: 'b.example', port: 443, weight: 2, ttl: 60 }],
    })
    const [request] = requests
    expect(request?.method).toBe('POST')
    expect(request?.url).toBe('https://dns.example/dns-query')
    expect(request?.headers.get('content-type')).toBe('application/dns-message')
    const question = readQuery(new Uint8Array((await request?.arrayBuffer()) ?? []))
    expect(question).toEqual({ id: 0, name: 'a.example', type: 33 })
  })

  it.each<{ rule: string; serve: () => Response | Promise<Response>; gives: string }>([
    {
      rule: 'a name that is not there',
      serve: () => message({ id: 0, name: 'a.example', type: 1, code: 3 }),
      gives: 'nxdomain',
    },
    {
      rule: 'an answer to something else',
      serve: () => message({ id: 0, name: 'b.example', type: 1, code: 3 }),
      gives: 'servfail',
    },
    {
      rule: 'an answer that is cut off',
      serve: () => message({ id: 0, name: 'a.example', type: 1, truncated: true }),
      gives: 'servfail',
    },
    {
      rule: 'another status',
      serve: () => new Response('no', { status: 403, headers: TYPE }),
      gives: 'servfail',
    },
    {
      rule: 'a redirect',
      serve: () => new Response(null, { status: 302, headers: { location: 'https://x.example' } }),
      gives: 'servfail',
    },
    { rule: 'a page', serve: () => new Response('<html>'), gives: 'servfail' },
    {
      rule: 'more than a message can be',
      serve: () => new Response(new Uint8Array(70_000), { headers: TYPE }),
      gives: 'servfail',
    },
    {
      rule: 'nobody there',
      serve: () => Promise.reject(new TypeError('fetch failed')),
      gives: 'refused',
    },
    { rule: 'silence', serve: () => new Promise(() => {}), gives: 'timeout' },
  ])('tells of $rule: $gives', async ({ serve, gives }) => {
    expect(await open(serve).resolver.query('a.example', 'A')).toEqual({ ok: false, reason: gives })
  })

  it('asks nobody for what no name can be', async () => {
    const { resolver, requests } = open(() => new Response())
    expect(await resolver.query('a b', 'A')).toEqual({ ok: false, reason: 'nxdomain' })
    expect(requests).toEqual([])
  })
})
