import { describe, expect, it } from 'vitest'
import { settingsFrom } from './sources.ts'

const from = (environment: Record<string, string>) =>
  settingsFrom(
    { command: 'start', file: undefined, conf: undefined, settings: new Map() },
    environment,
  )

const errorsOf = (environment: Record<string, string>) => {
  const { read } = from(environment)
  return read.ok ? [] : read.errors
}

describe('an Admin API that other machines can reach', () => {
  it.each([
    '0.0.0.0:8001',
    '[::]:8001',
    '10.0.0.1:8001',
    'kong.internal:8001',
    '127.0.0.1:1, [::]:2',
  ])('does not start unguarded at %s', (listen) => {
    const errors = errorsOf({ KONG_ADMIN_LISTEN: listen })
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatch(/admin_listen: .* set admin_token .*admin_auth=off/)
  })

  it.each([
    '127.0.0.1:8001',
    '127.8.9.1:1',
    '[::1]:8001',
    '[0:0::1]:8001',
    'localhost:8001',
    'off',
  ])('is not at %s', (listen) => {
    expect(errorsOf({ KONG_ADMIN_LISTEN: listen })).toEqual([])
  })

  it('starts with a token, and says nothing', () => {
    const guarded = { KONG_ADMIN_LISTEN: '0.0.0.0:8001', GIBBON_ADMIN_TOKEN: 'secret' }
    expect(from(guarded)).toMatchObject({ read: { ok: true }, warnings: [] })
  })

  it.each<Record<string, string>>([{ GIBBON_ADMIN_AUTH: 'off' }, { GIBBON_ADMIN_TOKEN: 'off' }])(
    'starts open with %j, and says so',
    (open) => {
      const { read, warnings } = from({ KONG_ADMIN_LISTEN: '0.0.0.0:8001', ...open })
      expect(read.ok && read.settings.adminToken).toBeUndefined()
      expect(warnings).toEqual([expect.stringContaining('whoever reaches 0.0.0.0:8001')])
    },
  )

  it('takes no token a header cannot carry, and does not repeat it', () => {
    const errors = errorsOf({ GIBBON_ADMIN_TOKEN: 'two words' })
    expect(errors).toHaveLength(1)
    expect(errors[0]).not.toContain('two words')
  })
})

describe('plugins', () => {
  it.each(['bundled', 'off', ''])('may be %j', (plugins) => {
    expect(errorsOf({ KONG_PLUGINS: plugins })).toEqual([])
  })

  it.each(['nope', 'bundled, nope'])(
    'are refused at start when there is none of a name: %s',
    (names) => {
      expect(errorsOf({ KONG_PLUGINS: names })).toEqual([
        'plugins: there is no plugin "nope" here, leave it out',
      ])
    },
  )
})

it('shows that there is a token, never which', () => {
  const { read } = from({ GIBBON_ADMIN_TOKEN: 'the-secret' })
  expect(read.ok && read.settings.adminToken).toBe('the-secret')
  expect(read.ok && read.settings.shown.admin_token).toBe('******')
  expect(JSON.stringify(read.ok && read.settings.shown)).not.toContain('the-secret')
})
