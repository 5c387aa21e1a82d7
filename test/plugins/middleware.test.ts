import type { MiddlewareHandler } from 'hono'
import { describe, expect, it } from 'vitest'
import { fromMiddleware } from '../../src/pdk/middleware.ts'
import { incoming } from '../proxy/fakes.ts'
import { openGateway } from './open-gateway.ts'

const opened = (middleware: MiddlewareHandler) =>
  openGateway({
    plugins: [fromMiddleware({ name: 'mine', priority: 10 }, middleware)],
    config: { plugins: [{ name: 'mine' }] },
    upstream: () =>
      incoming({ headers: ['X-A', '1', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'], body: 'up' }),
  })

describe('a Hono middleware as a plugin', () => {
  it('may answer instead of the upstream', async () => {
    const rig = await opened(async (c) => c.text(`no ${c.req.path} ${c.req.query('a')}`, 403))
    const answer = await rig.ask('/x?a=1')
    expect([answer.status, answer.text]).toEqual([403, 'no /x 1'])
    expect(answer.headers.get('content-type')).toContain('text/plain')
    expect(rig.transport.sent).toHaveLength(0)
  })

  it('may change the head of the answer, and leaves the rest as it was', async () => {
    const rig = await opened(async (c, next) => {
      await next()
      c.res.headers.set('X-B', c.req.header('x-mine') ?? '')
      c.res.headers.delete('X-A')
    })
    const answer = await rig.ask('/', { headers: { 'X-Mine': '2' } })
    expect([answer.text, answer.headers.get('x-b'), answer.headers.get('x-a')]).toEqual([
      'up',
      '2',
      null,
    ])
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  })

  it('may put another answer in its place', async () => {
    const rig = await opened(async (c, next) => {
      await next()
      c.res = new Response('mine', { status: 202 })
    })
    const answer = await rig.ask('/')
    expect([answer.status, answer.text]).toEqual([202, 'mine'])
  })

  it('that fails answers 500', async () => {
    const rig = await opened(async () => {
      throw new Error('mine')
    })
    const answer = await rig.ask('/')
    expect(answer.status).toBe(500)
    expect(answer.text).not.toContain('mine')
  })
})
