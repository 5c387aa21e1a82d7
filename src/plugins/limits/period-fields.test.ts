import { describe, expect, it } from 'vitest'
import { violationsOf } from '../../../test/plugins/configs.ts'

describe('limits by period', () => {
  it.each([
    { config: { second: 10, minute: 5 }, error: 'minute(5.0) / second(10.0)' },
    { config: { second: 10, hour: 9, year: 5 }, error: 'hour(9.0) / second(10.0)' },
    { config: { minute: 10, hour: 10.5, year: 10.4 }, error: 'year(10.4) / hour(10.5)' },
    { config: { second: 10, minute: 10 }, error: undefined },
    { config: { day: 1, month: 2, year: 3 }, error: undefined },
  ])('holds $config against each other: $error', ({ config, error }) => {
    const [long, short] = (error ?? '').split(' / ')
    const text = `he limit for ${long} cannot be lower than the limit for ${short}`

    expect(violationsOf('rate-limiting', config)).toEqual(error && { config: `T${text}` })
    expect(violationsOf('response-ratelimiting', { limits: { sms: config } })).toEqual(
      error && { config: { limits: `t${text}` } },
    )
  })

  const fields = "'config.second', 'config.minute', 'config.hour', 'config.day'"
  it.each([
    {
      name: 'rate-limiting',
      config: {},
      errors: {
        '@entity': [
          `at least one of these fields must be non-empty: ${fields}, 'config.month', 'config.year'`,
        ],
      },
    },
    {
      name: 'response-ratelimiting',
      config: {},
      errors: { config: { limits: 'required field missing' } },
    },
    {
      name: 'response-ratelimiting',
      config: { limits: {} },
      errors: { config: { limits: 'length must be at least 1' } },
    },
    {
      name: 'rate-limiting',
      config: { minute: 0 },
      errors: { config: { minute: 'value must be greater than 0' } },
    },
    {
      name: 'rate-limiting',
      config: { minute: 1, limit_by: 'header' },
      errors: {
        '@entity': ["failed conditional validation given value of field 'config.limit_by'"],
        config: { header_name: 'required field missing' },
      },
    },
    {
      name: 'rate-limiting',
      config: { minute: 1, policy: 'redis' },
      errors: {
        '@entity': ["failed conditional validation given value of field 'config.policy'"],
        config: { redis: { host: 'required field missing' } },
      },
    },
    {
      name: 'rate-limiting',
      config: { minute: 1, header_name: 'a b' },
      errors: {
        config: {
          header_name: "bad header name 'a b', allowed characters are A-Z, a-z, 0-9, '_', and '-'",
        },
      },
    },
  ])('refuses $name of $config', ({ name, config, errors }) => {
    expect(violationsOf(name, config)).toEqual(errors)
  })

  it.each([
    { policy: 'local', sync_rate: 1, error: 'sync_rate can only be used with the redis policy' },
    { policy: 'local', sync_rate: -1, error: undefined },
    { policy: 'redis', sync_rate: 0.02, error: undefined },
    {
      policy: 'redis',
      sync_rate: 0.01,
      error: 'sync_rate must be greater than 0.02, or -1 to disable',
    },
  ])('syncs with $policy every $sync_rate: $error', ({ error, ...rest }) => {
    const config = { minute: 1, redis: { host: 'localhost' }, ...rest }
    expect(violationsOf('rate-limiting', config)).toEqual(error && { config: error })
  })
})
