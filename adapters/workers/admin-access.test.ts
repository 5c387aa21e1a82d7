import { describe, expect, it } from 'vitest'
import { adminRequestOf } from './admin-access.ts'
import type { AdminAccess } from './settings.ts'

const closed: AdminAccess = { host: undefined, path: undefined, token: undefined }
const byHost: AdminAccess = { ...closed, host: 'admin.example', token: 'secret' }
const byPath: AdminAccess = { ...closed, path: '/kong-admin', token: 'secret' }

function asked(url: string, access: AdminAccess, token?: string) {
  const headers: HeadersInit = token === undefined ? {} : { 'Kong-Admin-Token': token }
  return adminRequestOf(new Request(url, { headers }), access)
}

describe('the Admin API on the socket of the proxy', () => {
  it.each([
    ['http://a.example/kong-admin', closed],
    ['http://a.example/services', byHost],
    ['http://a.example/services', byPath],
    ['http://a.example/kong-administrator', byPath],
  ])('is not at %s', async (url, access) => {
    expect(await asked(url, access, 'secret')).toBeUndefined()
  })

  it.each([
    ['http://admin.example/services?size=1', byHost, 'http://admin.example/services?size=1'],
    ['http://a.example/kong-admin/services?size=1', byPath, 'http://a.example/services?size=1'],
    ['http://a.example/kong-admin', byPath, 'http://a.example/'],
  ])('is at %s', async (url, access, seen) => {
    const request = await asked(url, access, 'secret')
    expect(request instanceof Request ? request.url : request).toBe(seen)
  })

  it.each([
    { token: undefined, given: 'secret', status: 403 },
    { token: 'secret', given: undefined, status: 401 },
    { token: 'secret', given: 'secret2', status: 401 },
  ])('refuses $given where $token is wanted with $status', async ({ token, given, status }) => {
    const answer = await asked('http://admin.example/', { ...byHost, token }, given)
    expect(answer instanceof Response ? answer.status : answer).toBe(status)
  })

  it('is open to all when the token is off', async () => {
    const answer = await asked('http://admin.example/', { ...byHost, token: 'off' })
    expect(answer).toBeInstanceOf(Request)
  })
})
