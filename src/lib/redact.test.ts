import { describe, expect, it } from 'vitest'
import { isSecretName, redact } from './redact.ts'

describe('isSecretName', () => {
  it.each([
    ...['password', 'config.redis.password', 'client_secret', 'secret_v1', 'key', 'key_alt'],
    ...['adminToken', 'Kong-Admin-Token', 'Authorization', 'apikey', 'aws_access_key_id', 'jwk'],
  ])('hides %s', (name) => {
    expect(isSecretName(name)).toBe(true)
  })

  it.each(['key_names', 'name', 'monkey', 'token_type', 'tags', 'keys_of', 'secrets_path', ''])(
    'shows %j',
    (name) => {
      expect(isSecretName(name)).toBe(false)
    },
  )
})

const PEM = '-----BEGIN RSA PRIVATE KEY-----\nHIDE\nHIDE\n-----END RSA PRIVATE KEY-----'

describe('redact', () => {
  it.each([
    ['{"password":"HIDE"}', '{"password":******}'],
    ['{"a":"{\\"key\\":\\"HI\\\\\\"DE\\",\\"b\\":1}"}', '{"a":"{\\"key\\":******,\\"b\\":1}"}'],
    [`{"cert":"x","key":${JSON.stringify(PEM)},"id":"1"}`, '{"cert":"x","key":******,"id":"1"}'],
    ['on \'{key="HIDE"}\' here', "on '{key=******}' here"],
    ['username=u&password=HIDE&x=1', 'username=u&password=******&x=1'],
    ['config.redis.password=HIDE', 'config.redis.password=******'],
    ['  secret: HIDE', '  secret: ******'],
    [`bad ${PEM} here`, 'bad ****** here'],
    ['cut -----BEGIN PRIVATE KEY-----HIDE', 'cut ******'],
    ['never ends: "key":"HIDE', 'never ends: "key":******'],
    ['Authorization: hmac username="u", signature="HIDE"', 'Authorization: ******'],
    ['sent Bearer HIDE.HIDE', 'sent Bearer ******'],
    ['redis://u:HIDE@h:1/0 is away', 'redis://******@h:1/0 is away'],
    ['the known HIDETOKEN', 'the known ******'],
    ['key: required field missing', 'key: required field missing'],
    ['name: x, port: 80', 'name: x, port: 80'],
    ['Cannot use a stored entry', 'Cannot use a stored entry'],
  ])('says %j as %j', (text, shown) => {
    expect(redact(text, ['HIDETOKEN'])).toBe(shown)
  })

  it('hides members by their names, at any depth', () => {
    expect(redact({ a: [{ password: 'HIDE', port: 1 }], key: ['HIDE'], token: null })).toEqual({
      a: [{ password: '******', port: 1 }],
      key: '******',
      token: null,
    })
  })

  it('stays quick with long and hostile text', () => {
    const started = performance.now()
    for (const piece of ['key:"', "key='\\", '-----BEGIN PRIVATE KEY', '//a:', 'Bearer ']) {
      expect(redact(piece.repeat(20_000)).length).toBeLessThan(20_000)
    }
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
