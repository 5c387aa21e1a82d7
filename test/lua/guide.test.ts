import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fileLog } from '../../src/plugins/file-log.ts'
import { postFunction } from '../../src/plugins/post-function.ts'
import { preFunction } from '../../src/plugins/pre-function.ts'
import { fakeFiles } from '../logs/fake-outlets.ts'
import { clientRequest, incoming, valuesOf } from '../proxy/fakes.ts'
import { openLua } from './open-lua.ts'

const examples = examplesOf('lua.md')
const [certificates] = examplesOf('tls.md')

function examplesOf(page: string): string[] {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
  return [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, example = '']) => example)
}

/** A gateway that serves an example of a page. */
async function openExample(example: string | undefined) {
  const files = fakeFiles()
  const body = '{"name":"Ann","salary":5}'
  const rig = await openLua({
    plugins: [preFunction, postFunction, fileLog],
    files,
    upstream: () => incoming({ body, headers: ['Content-Type', 'application/json'] }),
  })
  await rig.gateway.applyConfig(example)
  return { ...rig, files }
}

it('has three examples', () => {
  expect(examples).toHaveLength(3)
})

it.each([
  { headers: {}, status: 400, path: [] },
  { headers: { 'x-tenant': '../a' }, status: 400, path: [] },
  { headers: { 'x-tenant': 'Ann' }, status: 200, path: ['/t/ann'] },
])('the first refuses or tells: $headers', async ({ headers, status, path }) => {
  const { ask, transport } = await openExample(examples[0])
  const answer = await ask('/orders', { headers: new Headers(Object.entries(headers)) })
  expect(answer.status).toBe(status)
  if (status === 400) expect(answer.json).toEqual({ message: 'X-Tenant is missing' })
  const told = transport.sent.flatMap((sent) => valuesOf(sent.headers, 'x-tenant-path'))
  expect(told).toEqual(path)
})

it('the second takes a member out', async () => {
  const { ask } = await openExample(examples[1])
  expect((await ask('/people')).json).toEqual({ name: 'Ann' })
})

it('the third writes a field and leaves one out', async () => {
  const { ask, close, files } = await openExample(examples[2])
  await ask('/shop', { headers: { 'x-region': 'eu' } })
  await ask('/shop')
  await close()
  const [first, second] = files.appended.map(({ text }) => JSON.parse(text))
  expect([first.shop, second.shop]).toEqual([{ region: 'eu' }, { region: 'none' }])
  expect(first.request.uri).toBe('/shop')
  expect(first.request).not.toHaveProperty('headers')
})

describe('the one of certificates of clients', () => {
  it.each([
    ['partners.example.com', 'asking'],
    ['other.example.com', 'admitted'],
    [undefined, 'admitted'],
  ])('asks by the name: %s is %s', async (name, admittance) => {
    const { gateway } = await openExample(certificates)
    const admit = gateway.certificates({ cert: 'default', key: 'default' }).admit?.('http')
    expect(admit?.(name)).toBe(admittance)
  })

  it.each([
    ['refuses who has shown none', undefined, 401],
    ['lets in who has shown one', { chain: 'a chain', error: 'self-signed certificate' }, 200],
  ])('%s', async (_what, certificate, status) => {
    const { gateway } = await openExample(certificates)
    const tls = { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', certificate }
    const request = clientRequest({ scheme: 'https', host: 'partners.example.com', tls })
    expect((await gateway.handle(request)).status).toBe(status)
  })
})
