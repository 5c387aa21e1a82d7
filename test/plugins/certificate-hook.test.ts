import { expect, it } from 'vitest'
import type { Handshake } from '../../src/pdk/handshake.ts'
import type { Hooks } from '../../src/pdk/hooks.ts'
import { definePlugin } from '../../src/pdk/plugin.ts'
import type { Admittance } from '../../src/ports/server.ts'
import { openGateway } from './open-gateway.ts'

const FALLBACK = { cert: 'default', key: 'default' }
const config = { type: 'record', required: true, fields: {} } as const

/** Opens a gateway with a plugin of that hook, configured as said. */
async function opened(certificate: (name: string) => void, row: object = {}) {
  return openedWith({ certificate }, row)
}

async function openedWith(hooks: Hooks, row: object = {}) {
  const plugin = definePlugin({ name: 'asked', priority: 1, config }, () => hooks)
  const rig = await openGateway({
    plugins: [plugin],
    config: { plugins: [{ name: 'asked', ...row }] },
  })
  return { ...rig, source: rig.gateway.certificates(FALLBACK) }
}

it('tells global plugins the names that have no certificate', async () => {
  const asked: string[] = []
  const { source, close } = await opened((name) => void asked.push(name))
  expect(source.certificateFor('a.test')).toBe(FALLBACK)
  expect(source.certificateFor(undefined)).toBe(FALLBACK)
  expect(asked).toEqual(['a.test'])
  await close()
})

it('tells nobody who is switched off', async () => {
  const asked: string[] = []
  const { source, close } = await opened((name) => void asked.push(name), { enabled: false })
  source.certificateFor('a.test')
  expect(asked).toEqual([])
  await close()
})

it('goes on with the handshake when a plugin fails', async () => {
  const { source, runtime, close } = await opened(() => {
    throw new Error('broken')
  })
  expect(source.certificateFor('a.test')).toBe(FALLBACK)
  expect(runtime.lines).toContain('error: A plugin failed at a TLS handshake')
  await close()
})

it.each<[string, Required<Hooks>['handshake'], Admittance]>([
  ['goes on', () => true, 'admitted'],
  ['is ended', () => false, 'refused'],
  ['is ended by a plugin that fails', fails, 'refused'],
  ['asks for a certificate', asks, 'asking'],
  ['is ended, though a certificate was to be asked for', (told) => !asks(told), 'refused'],
])('asks global plugins at each handshake, which %s', async (_what, handshake, admittance) => {
  const asked: unknown[] = []
  const { source, close } = await openedWith({
    handshake(told) {
      asked.push(told.serverName)
      return handshake(told)
    },
  })
  const decide = source.admit?.('http')
  expect([decide?.('a.test'), decide?.(undefined)]).toEqual([admittance, admittance])
  expect(asked).toEqual(['a.test', undefined])
  await close()
})

it('decides on no handshake where no plugin wants to', async () => {
  const { source, close } = await openedWith({ access() {} })
  expect([source.admit?.('http'), source.admit?.('stream')]).toEqual([undefined, undefined])
  await close()
})

function fails(): never {
  throw new Error('broken')
}

function asks(told: Handshake): true {
  told.requestCertificate()
  return true
}
