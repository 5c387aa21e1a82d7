import { expect, it } from 'vitest'
import { createPlaces } from './find-places.ts'
import type { ResolvedAddress } from './services.ts'

const NAMES: Readonly<Record<string, readonly ResolvedAddress[]>> = {
  'two.test': [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }],
  'other.test': [{ ip: '10.0.1.1' }, { ip: '10.0.1.2' }],
  'service.test': [
    { ip: '10.0.2.1', port: 81, weight: 3 },
    { ip: '10.0.2.2', port: 82, weight: 1 },
  ],
}

const finding = () => {
  const find = createPlaces({
    resolve: async (host) => ({ ok: true, addresses: NAMES[host] ?? [] }),
  })
  return async (host: string) => {
    const places = await find({ host, port: 80 })
    return typeof places === 'string' ? [] : places.map(({ host, port }) => `${host}:${port}`)
  }
}

it('begins with another address at each call, and has the others ready', async () => {
  const find = finding()
  expect(await find('two.test')).toEqual(['10.0.0.1:80', '10.0.0.2:80'])
  expect(await find('two.test')).toEqual(['10.0.0.2:80', '10.0.0.1:80'])
  expect(await find('two.test')).toEqual(['10.0.0.1:80', '10.0.0.2:80'])
})

it('goes round each name by itself', async () => {
  const find = finding()
  const begun: (string | undefined)[] = []
  for (const host of ['two.test', 'other.test', 'two.test', 'other.test']) {
    begun.push((await find(host))[0])
  }
  expect(begun).toEqual(['10.0.0.1:80', '10.0.1.1:80', '10.0.0.2:80', '10.0.1.2:80'])
})

it('begins with the addresses of SRV records as often as their weight says', async () => {
  const find = finding()
  const begun: (string | undefined)[] = []
  for (let i = 0; i < 8; i++) begun.push((await find('service.test'))[0])
  expect(begun.filter((place) => place === '10.0.2.1:81')).toHaveLength(6)
  expect(begun.filter((place) => place === '10.0.2.2:82')).toHaveLength(2)
})
