import { expect, it } from 'vitest'
import { allEntities } from '../../test/entities.ts'
import { openStore } from '../../test/open-store.ts'
import { P256_CERT, P256_KEY, P384_CERT, P384_KEY } from '../lib/keys.fixture.ts'
import { createSecrets } from '../pdk/secrets.ts'
import { createCredentials } from './credentials.ts'

const VARIABLES: Readonly<Record<string, string>> = {
  CERT: P256_CERT,
  KEY: P256_KEY,
  NEW_CERT: P384_CERT,
  NEW_KEY: P384_KEY,
}

it('shows upstreams what the vault has, and another certificate for another vault', async () => {
  const { store } = openStore({ entities: allEntities })
  const runtime = { environment: (name: string) => VARIABLES[name], log() {} }
  const credentials = createCredentials(store, createSecrets({ entities: store, runtime }))
  const vault = await store.insert('vaults', { name: 'env', prefix: 'my-env', config: {} })
  const { id } = await store.insert('certificates', {
    cert: '{vault://my-env/cert}',
    key: '{vault://my-env/key}',
  })

  const first = credentials.certificate(id)
  expect(first).toEqual({ id, cert: P256_CERT, key: P256_KEY })
  expect(credentials.certificate(id)).toBe(first)

  await store.update('vaults', vault.id, { config: { prefix: 'new_' } })
  expect(credentials.certificate(id)).toEqual({ id, cert: P384_CERT, key: P384_KEY })
})
