import { describe, expect, it } from 'vitest'
import { clientRequest, requestBody, textOf, valuesOf } from '../../test/proxy/fakes.ts'
import type { Answer } from '../ports/server.ts'
import { fromWebRequest, fromWebResponse, toWebRequest, toWebResponse } from './web-message.ts'

describe('fromWebRequest', () => {
  it.each([
    { url: 'http://a.example/x?y=1#z', target: '/x?y=1', host: 'a.example', port: 80 },
    { url: 'https://a.example:8443', target: '/', host: 'a.example:8443', port: 8443 },
    { url: 'http://[::1]:81/%7E', target: '/%7E', host: '[::1]:81', port: 81 },
    { url: 'https://a.example/?', target: '/?', host: 'a.example', port: 443 },
  ])('reads $url', ({ url, target, host, port }) => {
    const request = fromWebRequest(new Request(url))
    expect(request.target).toBe(target)
    expect(valuesOf(request.headers, 'host')).toEqual([host])
    expect([request.localPort, request.body, request.gone]).toEqual([port, undefined, false])
  })

  it('hands the body on untouched', () => {
    const web = new Request('http://a/', { method: 'POST', body: 'abc' })
    const { body } = fromWebRequest(web)
    expect(body?.length).toBeUndefined()
    expect(body?.stream()).toBe(web.body)
  })

  it('knows a length that was told', async () => {
    const headers = { 'content-length': '3' }
    const web = new Request('http://a/', { method: 'POST', body: 'abc', headers })
    const { body } = fromWebRequest(web, { ip: '1.2.3.4' })
    expect(body?.length).toBe(3)
    expect(await textOf(await body?.bytes())).toBe('abc')
  })

  it('tells when the client leaves', () => {
    const leaving = new AbortController()
    const request = fromWebRequest(new Request('http://a/', { signal: leaving.signal }))
    let told = 0
    request.onGone(() => told++)
    leaving.abort()
    expect([request.gone, told]).toEqual([true, 1])
  })
})

describe('toWebRequest', () => {
  it('keeps method, target, headers and body', async () => {
    const web = toWebRequest(
      clientRequest({
        method: 'POST',
        target: '/services?size=1',
        headers: ['X-A', '\xe9', 'x-a', '2'],
        body: requestBody(['ab', 'c'], false),
      }),
    )
    expect([web.method, web.url]).toEqual(['POST', 'http://example.com/services?size=1'])
    expect(web.headers.get('x-a')).toBe('\xe9, 2')
    expect(await web.text()).toBe('abc')
  })

  it('keeps bytes beyond ASCII, UTF-8 or not', () => {
    const target = '/consumers/\xe5\x86\x86?tags=\xff'
    const web = toWebRequest(clientRequest({ host: 'a.example', target }))
    expect(web.url).toBe('http://a.example/consumers/%E5%86%86?tags=%FF')
  })

  it.each(['a/b', 'u@h', 'h?q', ''])('does not let Host "%s" move the path', (host) => {
    const web = toWebRequest(clientRequest({ host, target: '/x' }))
    expect(web.url).toBe('http://localhost/x')
  })
})

describe('fromWebResponse', () => {
  it('reads a small body of unknown length whole', async () => {
    const headers = new Headers([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ])
    const answer = await fromWebResponse(new Response('hello', { status: 201, headers }))
    expect(answer.status).toBe(201)
    expect(answer.body).toBeInstanceOf(Uint8Array)
    expect(valuesOf(answer.headers, 'content-length')).toEqual(['5'])
    expect(valuesOf(answer.headers, 'set-cookie')).toEqual(['a=1', 'b=2'])
  })

  it('streams a large one, none of it lost', async () => {
    const chunk = new Uint8Array(40_000).fill(120)
    let left = 5
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left-- > 0) controller.enqueue(chunk)
        else controller.close()
      },
    })
    const answer = await fromWebResponse(new Response(body))
    expect(answer.body).not.toBeInstanceOf(Uint8Array)
    expect((await textOf(answer.body)).length).toBe(200_000)
  })

  it('hands one of known length on untouched', async () => {
    const web = new Response('hello', { headers: { 'content-length': '5' } })
    expect((await fromWebResponse(web)).body).toBe(web.body)
    expect((await fromWebResponse(new Response(null, { status: 204 }))).body).toBeUndefined()
  })
})

describe('toWebResponse', () => {
  const answer = (given: Partial<Answer>): Answer => ({
    status: 200,
    reason: '',
    headers: [],
    body: undefined,
    ...given,
  })

  it.each([
    { status: 200, sent: 200 },
    { status: 204, sent: 204 },
    { status: 304, sent: 304 },
    { status: 599, sent: 599 },
    { status: 600, sent: 502 },
    { status: 999, sent: 502 },
    { status: 101, sent: 502 },
  ])('says $sent for $status', ({ status, sent }) => {
    const ends: boolean[] = []
    const web = toWebResponse(answer({ status, finished: (whole) => ends.push(whole) }))
    expect(web.status).toBe(sent)
    expect(ends).toEqual([sent === status])
  })

  it('keeps cookies apart, the reason and latin1 bytes', () => {
    const headers = ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X', '\xe9']
    const web = toWebResponse(answer({ headers, reason: 'Fine' }))
    expect(web.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect([web.statusText, web.headers.get('x')]).toEqual(['Fine', '\xe9'])
  })

  it('tells how a stream ended', async () => {
    const ends: boolean[] = []
    const finished = (whole: boolean) => ends.push(whole)
    const chunks = async function* () {
      yield new Uint8Array([1])
      yield new Uint8Array([2])
    }
    const broken = async function* () {
      yield new Uint8Array([1])
      throw new Error('cut')
    }
    expect(
      (await toWebResponse(answer({ body: chunks(), finished })).arrayBuffer()).byteLength,
    ).toBe(2)
    await expect(toWebResponse(answer({ body: broken(), finished })).text()).rejects.toThrow()
    await toWebResponse(answer({ body: chunks(), finished })).body?.cancel()
    expect(ends).toEqual([true, false, false])
  })

  it('hands a web stream on untouched', () => {
    const body = new Response('x').body ?? undefined
    expect(toWebResponse(answer({ body })).body).toBe(body)
  })
})
