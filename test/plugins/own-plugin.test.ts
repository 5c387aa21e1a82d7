import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadOwnPlugins } from '../../adapters/command/own-plugins.ts'
import greet from '../../examples/plugins/greet.ts'
import { valuesOf } from '../proxy/fakes.ts'
import { openGateway } from './open-gateway.ts'

describe('examples/plugins/greet.ts', () => {
  it('is what docs/write-a-plugin.md shows', () => {
    const page = readFileSync('docs/write-a-plugin.md', 'utf8')
    expect(page).toContain(readFileSync('examples/plugins/greet.ts', 'utf8').trim())
  })

  it('greets', async () => {
    const rig = await openGateway({ plugins: [greet] })
    const made = await rig.admin('POST', '/plugins', { name: 'greet', config: { name: 'Ann' } })
    expect(made.status).toBe(201)
    const answer = await rig.ask('/')
    expect(answer.headers.get('x-took')).toBe('0 ms')
    expect(valuesOf(rig.transport.sent[0]?.headers ?? [], 'x-greeted-by')).toEqual(['Ann'])
  })

  it('is checked and described as the bundled ones are', async () => {
    const rig = await openGateway({ plugins: [greet] })
    const refused = await rig.admin('POST', '/plugins', { name: 'greet', config: { name: 1 } })
    expect(refused.json).toMatchObject({ fields: { config: { name: 'expected a string' } } })
    const schema = await rig.admin('GET', '/schemas/plugins/greet')
    expect(schema.json).toMatchObject({ fields: expect.any(Array) })
  })
})

describe('a file named by the setting', () => {
  it('gives its plugin', async () => {
    const loaded = await loadOwnPlugins(['./examples/plugins/greet.ts'])
    expect(loaded).toEqual({ ok: true, plugins: [greet] })
  })

  it.each([
    { file: './examples/embed.ts', error: 'does not export a plugin by default' },
    { file: './no-such-file.ts', error: 'cannot load ./no-such-file.ts' },
  ])('is refused with a reason: $file', async ({ file, error }) => {
    const loaded = await loadOwnPlugins([file])
    expect(loaded).toEqual({ ok: false, errors: [expect.stringContaining(error)] })
  })

  it('may not take a name that is taken', async () => {
    const twice = await loadOwnPlugins([
      './examples/plugins/greet.ts',
      './examples/plugins/greet.ts',
    ])
    expect(twice).toEqual({ ok: false, errors: [expect.stringContaining('"greet"')] })
  })
})
