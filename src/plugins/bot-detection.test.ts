import { describe, expect, it } from 'vitest'
import { openGateway, type Rig } from '../../test/plugins/open-gateway.ts'
import { clientRequest, incoming, textOf } from '../../test/proxy/fakes.ts'

function guarded(config: Readonly<Record<string, unknown>> = {}): Promise<Rig> {
  return openGateway({
    plugins_of_route: [{ name: 'bot-detection', config }],
    upstream: () => incoming({ body: 'in' }),
  })
}

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36'

describe('a User-Agent', () => {
  it.each([
    CHROME,
    'curl/8.5.0',
    'Mozilla/5.0 (Linux; Android 4.4.2; CUBOT ONE) AppleWebKit/537.36',
    'Dalvik/2.1.0 (Linux; CUBOT_X18)',
    'Google Chrome and a web/snippet',
  ])('of a person comes in: %s', async (agent) => {
    const { ask } = await guarded()
    expect((await ask('/', { headers: { 'User-Agent': agent } })).status).toBe(200)
  })

  it.each([
    'Googlebot/2.1 (+http://www.google.com/bot.html)',
    'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
    'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
    'Mozilla/5.0 (en-us) Google (+https://developers.google.com/+/web/snippet/)',
    'Twitterbot/1.0',
    'Mozilla/5.0 /MyBot 3',
    'Peew/1.0',
    'Mozilla/4.0 (compatible; MSIE 6.0; Windows NT) MSIECrawler',
    'Apache-HttpClient/4.5.13 (Java/17)',
    'Python-urllib/3.11',
    'special_archiver/3.1 +http://www.archive.org/details/archive.org_bot',
    'Mozilla/5.0 (compatible; Yandex2/1.0)',
    'AnyIndexer/1.2',
    'some sCRAWLer',
    'Scrapy/2.11',
    'WordPress/6.4; https://blog.test',
    'Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)',
  ])('of a known bot is refused: %s', async (agent) => {
    const { ask, transport } = await guarded()
    const answer = await ask('/', { headers: { 'User-Agent': `  ${agent} ` } })
    expect(answer.status).toBe(403)
    expect(answer.json).toEqual({
      message: 'Forbidden',
      request_id: answer.headers.get('x-kong-request-id'),
    })
    expect(transport.sent).toHaveLength(0)
  })
})

it.each([
  { config: { allow: ['Googlebot'] }, agent: 'Googlebot/2.1', status: 200 },
  { config: { allow: ['^x'] }, agent: 'Googlebot/2.1', status: 403 },
  { config: { deny: ['^curl'] }, agent: 'curl/8.5.0', status: 403 },
  { config: { deny: ['a', 'helloworld'] }, agent: 'the helloworld', status: 403 },
  { config: { deny: ['^curl'], allow: ['8\\.5'] }, agent: 'curl/8.5.0', status: 200 },
  { config: { deny: ['^curl$'] }, agent: ' curl ', status: 403 },
])('$agent with $config: $status', async ({ config, agent, status }) => {
  const { ask } = await guarded(config)
  for (let turn = 0; turn < 2; turn++) {
    expect((await ask('/', { headers: { 'User-Agent': agent } })).status).toBe(status)
  }
})

it('lets in who says nothing', async () => {
  const { ask } = await guarded()
  expect((await ask('/')).status).toBe(200)
})

it('refuses who says two things', async () => {
  const { gateway } = await guarded()
  const headers = ['User-Agent', 'curl', 'user-agent', 'wget']
  const answer = await gateway.handle(clientRequest({ host: 'a.test', target: '/', headers }))
  expect(answer.status).toBe(400)
  expect(JSON.parse(await textOf(answer.body))).toMatchObject({
    message: 'Only one User-Agent header allowed',
  })
})
