import { describe, expect, it } from 'vitest'
import { openChat, says, sentBody } from '../../test/ai/chat-rig.ts'
import { provided } from '../../test/ai/provider-configs.ts'
import { type Answering, failure, incoming, valuesOf } from '../../test/proxy/fakes.ts'

const said = (content: unknown) => says({ choices: [{ message: { content } }] })
const HEADERS = ['X-Up', 'u', 'Content-Type', 'text/plain', 'Content-Length', '3']

function transforming(
  config: object = {},
  made: unknown = '<made/>',
  upstream: Answering = () => incoming({ status: 201, headers: HEADERS, body: 'old' }),
) {
  const whole = { prompt: 'Make XML', llm: provided('azure'), ...config }
  return openChat([{ name: 'ai-response-transformer', config: whole }], (sent, count) =>
    sent.host === 'echo.test' ? upstream(sent, count) : said(made),
  )
}

describe('an answer', () => {
  it('is what the model made of it', async () => {
    const rig = await transforming()
    const answer = await rig.send('x')
    expect([answer.status, answer.text]).toEqual([201, '<made/>'])
    expect(answer.headers.get('x-up')).toBe('u')
    expect(answer.headers.get('content-length')).toBe('7')
    expect(sentBody(rig)).toMatchObject({ messages: [{ content: 'Make XML' }, { content: 'old' }] })
    expect(valuesOf(rig.transport.sent[0]?.headers ?? [], 'accept-encoding')).toEqual(['identity'])
  })

  it('is asked for by a proxy', async () => {
    const rig = await transforming({ https_proxy_host: 's.test', https_proxy_port: 8443 })
    await rig.send('x')
    const proxies = rig.transport.sent.map(({ proxy }) => proxy)
    expect(proxies).toEqual([undefined, { host: 's.test', port: 8443 }])
  })

  it('is found by a pattern', async () => {
    const rig = await transforming({ transformation_extract_pattern: '<.*>' }, 'So: <b/>')
    expect((await rig.send('x')).text).toBe('<b/>')
  })

  it('is unpacked first', async () => {
    const packed = new Blob(['old']).stream().pipeThrough(new CompressionStream('gzip'))
    const headers = ['Content-Encoding', 'gzip']
    const rig = await transforming({}, 'new', () => incoming({ headers, body: packed }))
    const answer = await rig.send('x')
    expect([answer.text, answer.headers.get('content-encoding')]).toEqual(['new', null])
    expect(sentBody(rig)).toMatchObject({ messages: [{}, { content: 'old' }] })
  })
})

describe('instructions', () => {
  const config = { parse_llm_response_json_instructions: true }

  it.each([
    [{ status: 418, headers: { 'content-type': 'a/b', 'X-N': 1 }, body: 'x' }, 418, 'a/b', 'x'],
    [{ body: { a: 1 } }, 200, 'text/plain', '{"a":1}'],
    [{ a: 1 }, 200, 'text/plain', '{"a":1}'],
  ])('%j', async (instructions, status, type, text) => {
    const rig = await transforming(config, JSON.stringify(instructions))
    const answer = await rig.send('x')
    expect([answer.status, answer.headers.get('content-type'), answer.text]).toEqual([
      status,
      type,
      text,
    ])
    expect(answer.headers.get('x-up')).toBe('u')
  })

  it('say nothing that frames a message or ends a header', async () => {
    const headers = {
      'Content-Length': '1',
      'Transfer-Encoding': 'x',
      'a b': 'c',
      'X-A': 'b\r\nX-B: c',
    }
    const rig = await transforming(config, JSON.stringify({ headers, body: 'long' }))
    const answer = await rig.send('x')
    expect(answer.text).toBe('long')
    expect(answer.headers.get('content-length')).toBe('4')
    expect([answer.headers.get('x-b'), answer.headers.get('x-a')]).toEqual([null, 'b  X-B: c'])
  })

  it.each([
    ['hello', 'Expected value but found invalid token at character 1'],
    ['{"body": }', 'Expected value but found T_OBJ_END at character 10'],
    ['"hello"', 'input not table or string'],
    ['[1]', 'input not table or string'],
    ['{"status":"200"}', 'status is no status of HTTP'],
    ['{"status":99}', 'status is no status of HTTP'],
  ])('that are none: %s', async (made, why) => {
    const rig = await transforming(config, made)
    const { status, json } = await rig.send('x')
    const message = `failed to parse JSON response instructions from AI backend: ${why}`
    expect([status, json]).toEqual([500, { error: { message } }])
  })
})

it('ends the request where the model does not answer', async () => {
  const rig = await transforming({ transformation_extract_pattern: 'x' }, 'y')
  expect((await rig.send('x')).status).toBe(400)
})

it("leaves the gateway's own errors alone", async () => {
  const rig = await transforming({}, 'made', () => failure())
  expect((await rig.send('x')).status).toBe(502)
  expect(rig.transport.sent.every(({ host }) => host === 'echo.test')).toBe(true)
})
