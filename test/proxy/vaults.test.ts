import { beforeEach, expect, it } from 'vitest'
import { P256_CERT, P256_KEY } from '../../src/lib/keys.fixture.ts'
import { definePlugin } from '../../src/pdk/plugin.ts'
import { type MemoryGateway, openMemory } from '../open-memory.ts'
import { type FakeRuntime, fakeRuntime } from './fakes.ts'

/** Shows what it was configured with. */
const showing = definePlugin(
  {
    name: 'showing',
    priority: 1,
    config: {
      type: 'record',
      required: true,
      fields: {
        value: { type: 'string', referenceable: true },
        headers: {
          type: 'map',
          keys: { type: 'string' },
          values: { type: 'string', referenceable: true },
        },
      },
    },
  },
  ({ value, headers }) => ({
    response({ response }) {
      response.headers.set('x-value', value ?? 'none')
      for (const [name, text] of Object.entries(headers ?? {})) response.headers.set(name, text)
    },
  }),
)

let memory: MemoryGateway
let runtime: FakeRuntime

beforeEach(async () => {
  runtime = fakeRuntime()
  Object.assign(runtime.variables, {
    GILA: 'monster',
    MINE_GILA: 'of mine',
    CERT: P256_CERT,
    KEY: P256_KEY,
  })
  memory = await openMemory({ runtime, plugins: [showing] })
})

async function admin(call: string, body: unknown): Promise<Record<string, unknown>> {
  const { status, body: shown } = await memory.admin(call, body)
  if (status >= 400) throw new Error(JSON.stringify(shown))
  return shown as Record<string, unknown>
}

async function shown(...names: string[]): Promise<(string | null)[]> {
  const { headers } = await memory.gateway.proxy(new Request('http://a.test/'))
  return names.map((name) => headers.get(name))
}

async function configure(config: Record<string, unknown>): Promise<string> {
  await admin('PUT /services/s', { url: 'http://up.test' })
  await admin('PUT /services/s/routes/r', { paths: ['/'] })
  return String((await admin('POST /services/s/plugins', { name: 'showing', config })).id)
}

it('gives plugins the secret, and the Admin API the reference', async () => {
  const id = await configure({
    value: '{vault://env/gila}',
    headers: { 'x-map': '{vault://env/gila}' },
  })
  expect(await shown('x-value', 'x-map')).toEqual(['monster', 'monster'])
  expect(
    await (await memory.gateway.admin(new Request(`http://localhost/plugins/${id}`))).json(),
  ).toMatchObject({ config: { value: '{vault://env/gila}' } })
})

it('follows a new reference', async () => {
  const id = await configure({ value: 'no reference yet' })
  expect(await shown('x-value')).toEqual(['no reference yet'])
  await admin(`PATCH /plugins/${id}`, { config: { value: '{vault://env/gila}' } })
  expect(await shown('x-value')).toEqual(['monster'])
})

it('serves with the empty text what is not found, and says so', async () => {
  await configure({ value: '{vault://my-env/gila}' })
  expect(await shown('x-value')).toEqual([''])
  expect(runtime.lines).toContain(
    'warn: unable to resolve reference {vault://my-env/gila} (could not find vault (my-env))',
  )
})

it('follows the vault that is referred to', async () => {
  await configure({ value: '{vault://my-env/gila}' })
  await admin('PUT /vaults/my-env', { name: 'env' })
  expect(await shown('x-value')).toEqual(['monster'])
  await admin('PATCH /vaults/my-env', { config: { prefix: 'mine_' } })
  expect(await shown('x-value')).toEqual(['of mine'])
})

it('shows certificates that are in a vault, as soon as the vault is there', async () => {
  const source = memory.gateway.certificates({ cert: 'c', key: 'k' })
  await admin('POST /certificates', {
    cert: '{vault://my-env/cert}',
    key: '{vault://my-env/key}',
    cert_alt: '{vault://unknown/cert}',
    key_alt: '{vault://unknown/missing-key}',
    snis: ['a.test'],
  })
  expect(source.certificateFor('a.test')).toMatchObject({ cert: '', key: '' })
  await admin('PUT /vaults/my-env', { name: 'env' })
  expect(source.certificateFor('a.test')).toMatchObject({
    cert: P256_CERT,
    key: P256_KEY,
    cert_alt: undefined,
    key_alt: undefined,
  })
})

it.each([
  ['standard-webhooks', { secret_v1: '{vault://my-env/none}' }, 500],
  ['session', { secret: '{vault://my-env/none}' }, 200],
  ['http-log', { http_endpoint: '{vault://my-env/none}' }, 200],
])('%s without its secret: %j answers %i', async (name, config, status) => {
  await admin('PUT /services/s', { url: 'http://up.test' })
  await admin('PUT /services/s/routes/r', { paths: ['/'] })
  await admin('POST /services/s/plugins', { name, config })
  expect((await memory.gateway.proxy(new Request('http://a.test/'))).status).toBe(status)
})
