import { describe, expect, it } from 'vitest'
import { configSource } from './config-source.ts'
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

describe('a kong.yaml that is a text', () => {
  const text = '{"_format_version":"3.0"}'

  it('belongs to database = off, as a file does', () => {
    const { read, warnings } = from({ KONG_DECLARATIVE_CONFIG_STRING: text })
    expect(read).toMatchObject({
      settings: { database: 'off' },
      process: { declarativeConfigString: text },
    })
    expect(warnings).toEqual([])
  })

  it('goes with no other database', () => {
    expect(errorsOf({ KONG_DECLARATIVE_CONFIG_STRING: text, KONG_DATABASE: 'memory' })).toEqual([
      expect.stringContaining('declarative_config_string: a text is served with database = off'),
    ])
  })

  it('gives way to a file', () => {
    const { read } = from({
      KONG_DECLARATIVE_CONFIG_STRING: text,
      KONG_DECLARATIVE_CONFIG: 'a.yaml',
    })
    expect(read.ok && configSource(read.process)?.name).toBe('a.yaml')
    const alone = from({ KONG_DECLARATIVE_CONFIG_STRING: text })
    expect(alone.read.ok && configSource(alone.read.process)?.read()).toBe(text)
  })
})

it('names settings it does not know, and kinds of spans there are not', () => {
  const { warnings } = from({
    KONG_VITALS: 'on',
    KONG_ANONYMOUS_REPORTS: 'off',
    KONG_TRACING_INSTRUMENTATIONS: 'request,router',
  })
  expect(warnings).toEqual([
    'KONG_VITALS is not known here and has no effect',
    expect.stringContaining('tracing_instrumentations: there are no spans of router here'),
  ])
})

it('names files that are not there', () => {
  expect(errorsOf({ KONG_DNS_HOSTSFILE: '/none/hosts' })).toEqual([
    'dns_hostsfile: file does not exist',
  ])
  expect(errorsOf({ KONG_DNS_HOSTSFILE: '/etc/hosts' })).toEqual([])
  const asked = { command: 'start', file: undefined, conf: 'none.conf', settings: new Map() }
  const { read } = settingsFrom(asked, {})
  expect(read.ok ? [] : read.errors).toEqual(['no file at: none.conf'])
})
