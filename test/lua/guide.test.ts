import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { fileLog } from '../../src/plugins/file-log.ts'
import { postFunction } from '../../src/plugins/post-function.ts'
import { preFunction } from '../../src/plugins/pre-function.ts'
import { fakeFiles } from '../logs/fake-outlets.ts'
import { incoming, valuesOf } from '../proxy/fakes.ts'
import { openLua } from './open-lua.ts'

const page = readFileSync(new URL('../../docs/lua.md', import.meta.url), 'utf8')
const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text)

/** A gateway that serves an example of the page. */
async function openExample(place: number) {
  const files = fakeFiles()
  const body = '{"name":"Ann","salary":5}'
  const rig = await openLua({
    plugins: [preFunction, postFunction, fileLog],
    files,
    upstream: () => incoming({ body, headers: ['Content-Type', 'application/json'] }),
  })
  await rig.gateway.applyConfig(examples[place])
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
  const { ask, transport } = await openExample(0)
  const answer = await ask('/orders', { headers: new Headers(Object.entries(headers)) })
  expect(answer.status).toBe(status)
  if (status === 400) expect(answer.json).toEqual({ message: 'X-Tenant is missing' })
  const told = transport.sent.flatMap((sent) => valuesOf(sent.headers, 'x-tenant-path'))
  expect(told).toEqual(path)
})

it('the second takes a member out', async () => {
  const { ask } = await openExample(1)
  expect((await ask('/people')).json).toEqual({ name: 'Ann' })
})

it('the third writes a field and leaves one out', async () => {
  const { ask, close, files } = await openExample(2)
  await ask('/shop', { headers: { 'x-region': 'eu' } })
  await ask('/shop')
  await close()
  const [first, second] = files.appended.map(({ text }) => JSON.parse(text))
  expect([first.shop, second.shop]).toEqual([{ region: 'eu' }, { region: 'none' }])
  expect(first.request.uri).toBe('/shop')
  expect(first.request).not.toHaveProperty('headers')
})
