import { expect, it } from 'vitest'
import { allEntities } from '../../test/entities.ts'
import { openStore } from '../../test/open-store.ts'
import { P256_CERT, P256_KEY, P384_CERT, P384_KEY } from '../lib/keys.fixture.ts'
import { createCertificateSource } from './certificate-source.ts'

const FALLBACK = { cert: 'c', key: 'k' }

it('shows what is stored now, and the fallback for the rest', async () => {
  const { store } = openStore({ entities: allEntities })
  const source = createCertificateSource(store, FALLBACK)
  expect(source.certificateFor('a.test')).toBe(FALLBACK)

  const { id } = await store.insert('certificates', { cert: P256_CERT, key: P256_KEY })
  await store.insert('snis', { name: 'a.test', certificate: { id } })
  const first = source.certificateFor('a.test')
  expect(first).toMatchObject({ cert: P256_CERT, key: P256_KEY, cert_alt: undefined })
  expect(source.certificateFor('b.test')).toBe(FALLBACK)
  expect(source.certificateFor(undefined)).toBe(FALLBACK)

  await store.insert('snis', { name: '*', certificate: { id } })
  expect(source.certificateFor('b.test')).toBe(first)
  // Kong: who names nobody is shown what the listener was given.
  expect(source.certificateFor(undefined)).toBe(FALLBACK)
  expect(source.certificateFor('')).toBe(FALLBACK)

  await store.update('certificates', id, { cert: P384_CERT, key: P384_KEY })
  expect(source.certificateFor('a.test')).toMatchObject({ cert: P384_CERT, key: P384_KEY })
})
