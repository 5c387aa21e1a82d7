import { expect, it } from 'vitest'
import { openGateway } from '../../../test/plugins/open-gateway.ts'
import { valuesOf } from '../../../test/proxy/fakes.ts'

const ALICE = { username: 'alice', keyauth_credentials: [{ key: 'alice' }] }

const guarded = (secret: string | null) =>
  openGateway({
    plugins_of_route: [
      { name: 'session', config: { secret } },
      { name: 'key-auth', config: { anonymous: 'nobody' } },
    ],
    config: { consumers: [ALICE, { username: 'nobody' }] },
  })

it('makes up a secret in place of one that no vault has', async () => {
  const without = await guarded('{vault://env/none}')
  const answer = await without.ask('/', { headers: { apikey: 'alice' } })
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  // One without a secret has that of the process.
  const made = await guarded(null)
  await made.ask('/', { headers: { cookie } })
  const told = made.transport.sent.at(-1)?.headers ?? []
  expect(valuesOf(told, 'x-consumer-username')).toEqual(['alice'])
})
