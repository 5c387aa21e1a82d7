import { expect, it } from 'vitest'
import type { Hooks } from '../../src/pdk/hooks.ts'
import { definePlugin } from '../../src/pdk/plugin.ts'
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

it.each([
  { what: 'goes on', handshake: () => true, goesOn: true },
  { what: 'is ended', handshake: () => false, goesOn: false },
  {
    what: 'is ended by a plugin that fails',
    handshake: () => {
      throw new Error('broken')
    },
    goesOn: false,
  },
])('asks global plugins at each handshake, which $what', async ({ handshake, goesOn }) => {
  const asked: unknown[] = []
  const { source, close } = await openedWith({
    handshake(told) {
      asked.push(told.serverName)
      return handshake()
    },
  })
  expect([source.admit?.('a.test'), source.admit?.(undefined)]).toEqual([goesOn, goesOn])
  expect(asked).toEqual(['a.test', undefined])
  await close()
})
