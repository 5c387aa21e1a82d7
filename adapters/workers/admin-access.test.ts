import { describe, expect, it } from 'vitest'
import { adminRequestOf } from './admin-access.ts'
import type { AdminAccess } from './settings.ts'

const none: AdminAccess = { host: undefined, path: undefined, guarded: true }
const byHost: AdminAccess = { ...none, host: 'admin.example' }
const byPath: AdminAccess = { ...none, path: '/kong-admin' }

const asked = (url: string, access: AdminAccess) => adminRequestOf(new Request(url), access)

describe('the Admin API on the socket of the proxy', () => {
  it.each([
    ['http://a.example/kong-admin', none],
    ['http://a.example/services', byHost],
    ['http://a.example/services', byPath],
    ['http://a.example/kong-administrator', byPath],
  ])('is not at %s', (url, access) => {
    expect(asked(url, access)).toBeUndefined()
  })

  it.each([
    ['http://admin.example/services?size=1', byHost, 'http://admin.example/services?size=1'],
    ['http://a.example/kong-admin/services?size=1', byPath, 'http://a.example/services?size=1'],
    ['http://a.example/kong-admin', byPath, 'http://a.example/'],
  ])('is at %s', (url, access, seen) => {
    const request = asked(url, access)
    expect(request instanceof Request ? request.url : request).toBe(seen)
  })

  it('is closed while nothing guards it', () => {
    const answer = asked('http://admin.example/', { ...byHost, guarded: false })
    expect(answer instanceof Response ? answer.status : answer).toBe(403)
  })
})
