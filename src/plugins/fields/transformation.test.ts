import { describe, expect, it } from 'vitest'
import { violationsOf } from '../../../test/plugins/configs.ts'

describe('what transformers add, rename and take away', () => {
  it.each([
    ['request-transformer', 'remove.headers', 'a b', "'a b' is not a valid header"],
    ['request-transformer', 'remove.headers', 'a', undefined],
    ['request-transformer', 'remove.body', 'a b', undefined],
    ['request-transformer', 'add.headers', 'a', 'invalid value: a'],
    ['request-transformer', 'add.headers', 'a b:c', "'a b' is not a valid header"],
    ['request-transformer', 'add.headers', 'a:b c', undefined],
    ['request-transformer', 'add.headers', 'a:', undefined],
    ['request-transformer', 'add.body', 'a', "key 'a' has no value"],
    ['request-transformer', 'add.querystring', 'a:', "key 'a' has no value"],
    ['request-transformer', 'append.querystring', 'a:$(headers.b)', undefined],
    ['request-transformer', 'add.querystring', 'a:$(os.exit())', undefined],
    [
      'request-transformer',
      'add.body',
      'a:x$(headers.',
      "value 'x$(headers.' is not in supported format, error:unfinished expression at position 2",
    ],
    [
      'request-transformer',
      'add.querystring',
      'a:$(uri_captures user)',
      "value '$(uri_captures user)' is not in supported format, error:unexpected 'user' at position 16",
    ],
    ['request-transformer', 'replace.headers', 'a:x$(headers.', undefined],
    ['request-transformer', 'add.headers', 'a:$(shared.b = true)', undefined],
    ['response-transformer', 'add.headers', 'a:$(', undefined],
    ['request-transformer', 'rename.headers', 'a:b c', "'b c' is not a valid header"],
    ['request-transformer', 'rename.headers', 'a:b', undefined],
    ['request-transformer', 'rename.body', 'a', "key 'a' has no value"],
    ['response-transformer', 'add.json', 'a', 'invalid value: a'],
    ['response-transformer', 'add.headers', 'a b:c', undefined],
    ['response-transformer', 'rename.headers', 'a:b c', "'b c' is not a valid header"],
    ['response-transformer', 'rename.json', 'a:b c', undefined],
    ['response-transformer', 'replace.json_types', 'x', 'expected one of: boolean, number, string'],
  ])('of %s: %s %j: %s', (name, path, value, error) => {
    const [verb = '', what = ''] = path.split('.')
    expect(violationsOf(name, { [verb]: { [what]: [value] } })).toEqual(
      error && { config: { [verb]: { [what]: [error] } } },
    )
  })
})

it('a path that is no template is found out when it is used', () => {
  expect(violationsOf('request-transformer', { replace: { uri: '/$(uri' } })).toBeUndefined()
})
