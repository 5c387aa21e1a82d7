import { describe, expect, it } from 'vitest'
import { startGateway } from '../runtimes/start.ts'
import { startAnswering } from './plugins-target.ts'
import { RUNTIMES } from './runtimes.ts'

describe.each(RUNTIMES)('answers in the KV on %s', (runtime) => {
  it('are given again, shown and thrown away', async () => {
    const target = await startAnswering()
    const settings = { proxy_cache_storage: 'kv' }
    const gateway = await startGateway(runtime, { settings })
    const post = (path: string, body: object) =>
      fetch(`${gateway.adminUrl}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    const ask = async () => {
      const { headers } = await fetch(`${gateway.proxyUrl}/x`)
      const [status, name] = ['x-cache-status', 'x-cache-key'].map((key) => headers.get(key))
      return { status, name, number: headers.get('x-number') }
    }
    try {
      await post('/services', { name: 's', url: `http://127.0.0.1:${target.port}` })
      await post('/services/s/routes', { name: 'r', paths: ['/'] })
      await post('/plugins', { name: 'proxy-cache', config: { strategy: 'memory' } })
      const first = await ask()
      expect(first).toMatchObject({ status: 'Miss', number: '0' })
      expect(await ask()).toEqual({ ...first, status: 'Hit' })
      const path = `${gateway.adminUrl}/proxy-cache/${first.name}`
      expect(await (await fetch(path)).json()).toMatchObject({ status: 200, ttl: 300 })
      expect((await fetch(path, { method: 'DELETE' })).status).toBe(204)
      expect(await ask()).toMatchObject({ status: 'Miss', number: '1' })
      expect((await fetch(path.slice(0, -65), { method: 'DELETE' })).status).toBe(204)
      expect((await fetch(path)).status).toBe(404)
      expect(await ask()).toMatchObject({ status: 'Miss', number: '2' })
    } finally {
      await Promise.all([gateway.stop(), target.close()])
    }
  }, 60_000)
})
