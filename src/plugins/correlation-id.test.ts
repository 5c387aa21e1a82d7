import { describe, expect, it } from 'vitest'
import { openGateway, type Rig } from '../../test/plugins/open-gateway.ts'
import { valuesOf } from '../../test/proxy/fakes.ts'
import type { LogRecord } from '../pdk/log-record.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { allPlugins } from './all.ts'

function open(config: Readonly<Record<string, unknown>> = {}): Promise<Rig> {
  return openGateway({ plugins_of_route: [{ name: 'correlation-id', config }] })
}

async function sentIds({ ask, transport }: Rig, name: string, headers = {}): Promise<string[]> {
  await ask('/', { headers })
  return valuesOf(transport.sent.at(-1)?.headers ?? [], name)
}

// The fake runtime's UUIDs count; requests have ids of their own.
const UUID = '[0-9a-f]{8}-0000-4000-8000-[0-9]{12}'

describe('the upstream is told an id', () => {
  it('that counts behind one UUID', async () => {
    const rig = await open()
    const [first = ''] = await sentIds(rig, 'kong-request-id')
    expect(first).toMatch(new RegExp(`^${UUID}#1$`))
    expect(await sentIds(rig, 'kong-request-id')).toEqual([first.replace(/1$/, '2')])
  })

  it('that goes on counting when the configuration changes', async () => {
    const plugins = [
      { name: 'correlation-id', config: { header_name: 'a' } },
      { name: 'correlation-id', config: { header_name: 'b' } },
    ]
    const rig = await openGateway({
      config: {
        services: plugins.map((plugin, i) => ({
          name: `s${i}`,
          url: 'http://x.test',
          routes: [{ paths: [`/${i}`], plugins: [plugin] }],
        })),
      },
    })
    await rig.ask('/0')
    await rig.ask('/1')
    const ids = ['a', 'b'].map((name, i) => valuesOf(rig.transport.sent[i]?.headers ?? [], name)[0])
    expect(ids[0]).toMatch(/#1$/)
    expect(ids[1]).toBe(ids[0]?.replace(/1$/, '2'))
  })

  it('that is a UUID of its own', async () => {
    const rig = await open({ generator: 'uuid' })
    const [first = ''] = await sentIds(rig, 'kong-request-id')
    const [second = ''] = await sentIds(rig, 'kong-request-id')
    expect(first).toMatch(new RegExp(`^${UUID}$`))
    expect(second).not.toBe(first)
  })

  it('that tells port and time', async () => {
    const rig = await open({ generator: 'tracker' })
    const [first = ''] = await sentIds(rig, 'kong-request-id')
    expect(first).toMatch(/^0\.0\.0\.0-\d+-32768-1-1-1700000000\.000$/)
  })

  it('in the header that is configured, once', async () => {
    const rig = await open({ header_name: 'X-Trace' })
    expect(await sentIds(rig, 'x-trace', { 'x-trace': '' })).toHaveLength(1)
    expect(await sentIds(rig, 'kong-request-id')).toEqual([])
  })

  it('that the client sent', async () => {
    const rig = await open()
    expect(await sentIds(rig, 'kong-request-id', { 'Kong-Request-ID': 'mine' })).toEqual(['mine'])
  })

  it('that the client sent with hyphens for underscores', async () => {
    const rig = await open({ header_name: 'x_trace', echo_downstream: true })
    const answer = await rig.ask('/', { headers: { 'x-trace': 'mine' } })
    const sent = rig.transport.sent[0]?.headers ?? []
    expect(valuesOf(sent, 'x-trace')).toEqual(['mine'])
    expect(valuesOf(sent, 'x_trace')).toEqual([])
    expect(answer.headers.get('x-trace')).toBe('mine')
  })
})

describe('the client is told the id', () => {
  it.each([
    { echo: false, told: null },
    { echo: true, told: 'mine' },
  ])('when it is to be echoed: $echo', async ({ echo, told }) => {
    const { ask } = await open({ echo_downstream: echo })
    const answer = await ask('/', { headers: { 'Kong-Request-ID': 'mine' } })
    expect(answer.headers.get('kong-request-id')).toBe(told)
  })

  it('that the upstream was told', async () => {
    const rig = await open({ echo_downstream: true })
    const answer = await rig.ask('/')
    const sent = valuesOf(rig.transport.sent[0]?.headers ?? [], 'kong-request-id')
    expect([answer.headers.get('kong-request-id')]).toEqual(sent)
  })
})

it('log plugins write the id', async () => {
  const records: LogRecord[] = []
  const logging = definePlugin(
    { name: 'logs-here', priority: 1, config: { type: 'record', required: true, fields: {} } },
    () => ({ log: (exchange) => void records.push(exchange.record()) }),
  )
  const { ask } = await openGateway({
    plugins: [...allPlugins, logging],
    plugins_of_route: [{ name: 'correlation-id', config: {} }, { name: 'logs-here' }],
  })
  await ask('/', { headers: { 'Kong-Request-ID': 'mine' } })
  expect(records).toHaveLength(1)
  expect(records[0]?.correlation_id).toBe('mine')
})
