import { expect, it } from 'vitest'
import { openGateway } from '../../test/plugins/open-gateway.ts'

it.each([
  { config: { location: 'https://b.test/x?y=1' }, path: '/a?b=c', to: 'https://b.test/x?y=1' },
  { config: { location: 'https://b.test/€' }, path: '/a', to: 'https://b.test/\xe2\x82\xac' },
  {
    config: { location: 'https://b.test:8443/x?y=1', keep_incoming_path: true },
    path: '/a/b?b=c&d',
    to: 'https://b.test:8443/a/b?b=c&d',
  },
  {
    config: { location: 'https://b.test', keep_incoming_path: true },
    path: '/%C3%A9',
    to: 'https://b.test/%C3%A9',
  },
  {
    config: { location: 'https://b.test', keep_incoming_path: true },
    path: '//evil.test/@evil.test',
    to: /^https:\/\/b\.test\//,
  },
])('sends $path to $to', async ({ config, path, to }) => {
  const { ask, transport } = await openGateway({ plugins_of_route: [{ name: 'redirect', config }] })
  const answer = await ask(path)
  expect(answer.status).toBe(301)
  expect(answer.headers.get('location')).toMatch(to)
  expect(answer.text).toBe('redirecting')
  expect(answer.headers.get('content-type')).toBeNull()
  expect(transport.sent).toHaveLength(0)
})

it('has the status that is configured', async () => {
  const config = { location: 'https://b.test/', status_code: 307 }
  const { ask } = await openGateway({ plugins_of_route: [{ name: 'redirect', config }] })
  expect((await ask('/')).status).toBe(307)
})
