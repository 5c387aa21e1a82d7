import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REFUSED_ROWS } from '../plugins/rows-refused.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { RUNTIMES } from './runtimes.ts'

describe.each(RUNTIMES)('plugins with needs on %s', (runtime) => {
  let gateway: RunningGateway

  beforeAll(async () => {
    gateway = await startGateway(runtime)
  }, 60_000)
  afterAll(() => gateway?.stop())

  it.each(REFUSED_ROWS)('$plugin', async ({ plugin, config, on, says }) => {
    const answer = await fetch(`${gateway.adminUrl}/plugins`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: plugin, config }),
    })
    const refusal = { code: 2, name: 'schema violation', message: expect.stringContaining(says) }
    const isRefused = on.includes(runtime)
    expect([answer.status, await answer.json()]).toEqual(
      isRefused
        ? [400, expect.objectContaining(refusal)]
        : [201, expect.objectContaining({ name: plugin })],
    )
  })
})
