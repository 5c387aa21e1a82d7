import { describe, expect, it } from 'vitest'
import { readBindings } from './settings.ts'

describe('bindings', () => {
  it('are the settings of a Worker whose state is in a Durable Object', () => {
    const { settings, proxyPort, ownSockets } = readBindings({ STATE: {}, KONG_LOG_LEVEL: 'warn' })
    expect(settings).toMatchObject({ database: 'durable-object', logLevel: 'warn' })
    expect(settings.shown.database).toBe('durable-object')
    expect([proxyPort, ownSockets]).toEqual([undefined, false])
  })

  it('know of sockets of our own', () => {
    const read = readBindings({ KONG_PROXY_LISTEN: '127.0.0.1:8123', KONG_DATABASE: 'file' })
    expect([read.proxyPort, read.ownSockets, read.settings.database]).toEqual([
      8123,
      true,
      'durable-object',
    ])
  })

  it('may hold a kong.yaml', () => {
    const read = readBindings({ KONG_DECLARATIVE_CONFIG_STRING: '_format_version: "3.0"' })
    expect([read.settings.database, read.declarativeConfig]).toEqual([
      'off',
      '_format_version: "3.0"',
    ])
  })

  it.each(['KONG_ERROR_TEMPLATE_HTML', 'KONG_CLIENT_SSL', 'KONG_UPSTREAM_KEEPALIVE_POOL_SIZE'])(
    'cannot be %s, which takes files or connections of our own',
    (name) => {
      const value = name.endsWith('SIZE') ? '0' : 'on'
      expect(() => readBindings({ [name]: value })).toThrow('not on Workers')
    },
  )

  it('may ask for a gateway without database', () => {
    expect(readBindings({ KONG_DATABASE: 'off' }).settings.database).toBe('off')
  })

  it('say all that is wrong', () => {
    expect(() => readBindings({ KONG_LOG_LEVEL: 'loud', KONG_TRUSTED_IPS: 'x' })).toThrow(
      /log_level.*trusted_ips/,
    )
  })

  it('give the Admin API a place', () => {
    const bindings = { GIBBON_ADMIN_HOST: 'Admin.Example', GIBBON_ADMIN_PATH: '/admin/' }
    const { admin, settings } = readBindings(bindings)
    expect(admin).toEqual({ host: 'admin.example', path: '/admin', guarded: false })
    expect(settings.adminGuiUrls).toEqual(['https://admin.example'])
    expect(settings.shown.admin_listeners).toEqual([])
  })

  it.each([
    [{ GIBBON_ADMIN_TOKEN: 'secret' }, true, 'secret'],
    [{ GIBBON_ADMIN_TOKEN: 'off' }, true, undefined],
    [{ GIBBON_ADMIN_AUTH: 'off' }, true, undefined],
    [{ GIBBON_ADMIN_TOKEN: '' }, false, undefined],
  ])('guard the Admin API with %j: %s', (bindings, guarded, token) => {
    const { admin, settings } = readBindings(bindings as Record<string, string>)
    expect([admin.guarded, settings.adminToken]).toEqual([guarded, token])
  })

  it('have no listener for streams', () => {
    expect(() => readBindings({ KONG_STREAM_LISTEN: '127.0.0.1:9000' })).toThrow(
      'stream_listen: not on Workers',
    )
    expect(readBindings({ KONG_STREAM_LISTEN: 'off' }).proxyPort).toBeUndefined()
  })

  it('may name only plugins there are', () => {
    expect(() => readBindings({ KONG_PLUGINS: 'bundled,nope' })).toThrow('"nope"')
  })
})
