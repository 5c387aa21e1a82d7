import { expect, it } from 'vitest'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { allEntities } from '../../test/entities.ts'
import { createEntityStore } from '../store/entity-store.ts'
import { applyDocument } from './apply.ts'
import { changeLine } from './changes.ts'

async function open() {
  let made = 0
  const runtime = {
    name: 'test',
    time: 1_700_000_000_000,
    now: (): number => runtime.time,
    random: () => 0.5,
    uuid: () => `00000000-0000-4000-8000-${String(++made).padStart(12, '0')}`,
    log: () => undefined,
    background: () => undefined,
  }
  const store = createEntityStore({ entities: allEntities, store: createMemoryStore(), runtime })
  await store.load()
  const apply = async (document: object) => {
    const newId = runtime.uuid
    const context = { now: runtime.time, newId, secret: () => newId() }
    return applyDocument({ _format_version: '3.0', ...document }, { store, context })
  }
  return { runtime, store, apply }
}

const service = { name: 's', host: 'h', routes: [{ paths: ['/a'] }, { paths: ['/a'] }] }
const consumer = { username: 'c', keyauth_credentials: [{ key: 'k' }] }

it('changes nothing when it says the same again, nameless things included', async () => {
  const { store, apply, runtime } = await open()
  await apply({ services: [service], consumers: [consumer] })
  const rows = store.all('routes')
  const { revision } = store

  runtime.time += 60_000
  const { changes } = await apply({ services: [service], consumers: [consumer] })
  expect(changes()).toEqual([])
  expect(store.revision).toBe(revision)
  expect(store.all('routes')).toEqual(rows)
})

it('tells what it changes, and dates only that', async () => {
  const { store, apply, runtime } = await open()
  await apply({ services: [service, { name: 't', host: 'h' }] })
  const created = store.getBy('services', 'name', 's')?.created_at

  runtime.time += 60_000
  const { changes } = await apply({
    services: [{ ...service, host: 'i' }],
    upstreams: [{ name: 'u' }],
  })
  expect(changes().map(changeLine)).toEqual(['~ services s host', '- services t', '+ upstreams u'])
  const after = store.getBy('services', 'name', 's')
  expect(after?.created_at).toBe(created)
  expect(after?.updated_at).toBe(Number(created) + 60)
})

it('keeps the time a document gives', async () => {
  const { store, apply } = await open()
  await apply({ services: [{ name: 's', host: 'h' }] })
  await apply({ services: [{ name: 's', host: 'h', created_at: 5 }] })
  expect(store.getBy('services', 'name', 's')?.created_at).toBe(5)
})

it('shows passwords as sent and keeps them hashed', async () => {
  const { store, apply } = await open()
  const basicauth_credentials = [{ username: 'u', password: 'open sesame' }]
  const { shown } = await apply({ consumers: [{ username: 'c', basicauth_credentials }] })
  expect(shown.basicauth_credentials?.[0]?.password).toBe('open sesame')
  expect(store.all('basicauth_credentials')[0]?.password).toMatch(/^[0-9a-f]{40}$/)
})

it('takes values as done already when told so', async () => {
  const { store, apply } = await open()
  const basicauth_credentials = [{ username: 'u', password: 'digest' }]
  await apply({ _transform: false, consumers: [{ username: 'c', basicauth_credentials }] })
  expect(store.all('basicauth_credentials')[0]?.password).toBe('digest')
})

it('gives rows the seconds they have to live', async () => {
  const { store, apply, runtime } = await open()
  const keys = [{ key: 'k', ttl: 10 }, { key: 'l' }, { key: 'm', ttl: null }]
  const { shown } = await apply({ consumers: [{ username: 'c', keyauth_credentials: keys }] })
  // Kong: it is shown as it was sent.
  expect(shown.keyauth_credentials?.map(({ ttl }) => ttl)).toEqual([10, undefined, undefined])
  expect(store.all('keyauth_credentials')).toHaveLength(3)
  runtime.time += 11_000
  expect(
    store
      .all('keyauth_credentials')
      .map(({ key }) => key)
      .sort(),
  ).toEqual(['l', 'm'])
})

it('takes two spellings of one address, as Kong does', async () => {
  const { store, apply } = await open()
  await apply({
    upstreams: [{ name: 'u', targets: [{ target: '1.2.3.4' }, { target: '1.2.3.4:8000' }] }],
  })
  expect(store.all('targets').map(({ target }) => target)).toEqual(['1.2.3.4:8000', '1.2.3.4:8000'])
})

it('changes nothing when it is bad', async () => {
  const { store, apply } = await open()
  await apply({ services: [service] })
  const { revision } = store
  await expect(apply({ services: [{ name: 's' }] })).rejects.toThrow('required field missing')
  expect(store.revision).toBe(revision)
})
