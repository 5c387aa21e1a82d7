import { expect, it } from 'vitest'
import { dereference } from './dereference.ts'

const environment = (name: string) => ({ TOKEN: 't', MY_TOKEN: 'mine' })[name]

it('looks references up in the environment', () => {
  const sources = [
    new Map([['log_level', 'debug']]),
    new Map([['admin_token', '{vault://env/token} ']]),
  ]
  expect(dereference(sources, environment)).toEqual({
    sources: [new Map([['log_level', 'debug']]), new Map([['admin_token', 't']])],
    errors: [],
  })
})

it('puts `vault_env_prefix` of the strongest source before the names', () => {
  const sources = [
    new Map([['vault_env_prefix', 'my-']]),
    new Map([
      ['vault_env_prefix', 'no_'],
      ['admin_token', '{vault://env/token}'],
    ]),
  ]
  expect(dereference(sources, environment).sources[1]?.get('admin_token')).toBe('mine')
})

it.each([
  ['{vault://env/none}', 'could not get value from external vault (no value found)'],
  ['{vault://my-env/token}', 'could not find vault (my-env)'],
  ['{vault://env/}', 'reference url has empty path [{vault://env/}]'],
])('says why %s stands for nothing', (text, why) => {
  expect(dereference([new Map([['admin_token', text]])], environment).errors).toEqual([
    `failed to dereference '${text}': ${why} for config option 'admin_token'`,
  ])
})
