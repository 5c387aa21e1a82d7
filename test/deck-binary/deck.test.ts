import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { pluginConfigs } from '../deck/plugin-configs.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { configFile, type DeckRun, runDeck } from './run.ts'

const DECK = process.env.DECK
const EVERYTHING = readFileSync(new URL('everything.yaml', import.meta.url), 'utf8')
const GUIDE = fileURLToPath(new URL('../declarative/guide-1.1.yaml', import.meta.url))
const PATIENCE = 300_000

// Skipped without the binary: `npm run setup:deck` builds it, and DECK names it.
describe.skipIf(DECK === undefined)('the real decK', { timeout: PATIENCE }, () => {
  let gateway: RunningGateway

  beforeAll(async () => {
    gateway = await startGateway('node', {
      settings: { database: 'memory', unimplemented_plugins: 'ignore' },
    })
  }, PATIENCE)
  afterAll(() => gateway?.stop())

  const deck = (words: string, input?: string): Promise<DeckRun> => {
    const flags = words.startsWith('gateway') ? ['--kong-addr', gateway.adminUrl] : []
    return runDeck(DECK ?? '', [...words.split(' '), ...flags], input)
  }
  const succeed = async (words: string, input?: string): Promise<string> => {
    const { code, stdout, stderr } = await deck(words, input)
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    return stdout
  }
  const sync = (text: string) => succeed(`gateway sync ${configFile(text)}`)
  const diff = async (text: string, flags = '') => {
    const run = await deck(`gateway diff${flags} --non-zero-exit-code ${configFile(text)}`)
    return { code: run.code, said: run.code === 0 ? '' : run.stdout + run.stderr }
  }
  const NOTHING = { code: 0, said: '' }

  it('pings', async () => {
    expect(await succeed('gateway ping')).toContain('3.9')
  })

  it('syncs every entity, and then finds no difference', async () => {
    await sync(EVERYTHING)
    expect(await diff(EVERYTHING)).toEqual(NOTHING)
  })

  it('validates them', async () => {
    await succeed(`gateway validate ${configFile(EVERYTHING)}`)
  })

  it('dumps what syncs back without a difference', async () => {
    const dumped = await succeed('gateway dump -o -')
    expect(dumped).toContain('example_upstream')
    // decK's own bug: a rate-limiting dump has both the old and the new redis fields.
    expect(await diff(dumped)).toEqual(NOTHING)
  })

  it.each([
    ['changes', (text: string) => text.replace('slots: 100', 'slots: 200')],
    [
      'moves',
      (text: string) =>
        text.replace(
          "hosts: ['*.example.com']",
          "service: {name: secured}\n    hosts: ['*.example.com']",
        ),
    ],
    ['renames', (text: string) => text.replaceAll('example_service', 'renamed_service')],
    ['deletes', (text: string) => text.replace(/vaults:[\s\S]*?key_sets:/, 'key_sets:')],
    ['loosens', (text: string) => text.replace('weight: 50', 'weight: 0')],
  ])('%s', async (_what, change) => {
    const changed = change(EVERYTHING)
    expect(changed).not.toBe(EVERYTHING)
    await sync(EVERYTHING)
    expect((await diff(changed)).code).toBe(2)
    await sync(changed)
    expect(await diff(changed)).toEqual(NOTHING)
  })

  it('leaves alone what does not bear the selected tag', async () => {
    await sync(EVERYTHING)
    const tagged =
      '_format_version: "3.0"\n_info:\n  select_tags: [mine]\nservices:\n  - name: own\n    host: own.test\n'
    await sync(tagged)
    expect(await diff(tagged)).toEqual(NOTHING)
    expect(await diff(EVERYTHING)).toMatchObject({ code: 2 })
    const { stdout } = await deck('gateway dump -o - --select-tag mine')
    expect(stdout).toContain('own.test')
    expect(stdout).not.toContain('example_service')
  })

  it('resets', async () => {
    await sync(EVERYTHING)
    await succeed('gateway reset -f')
    expect(await diff('_format_version: "3.0"\n')).toEqual(NOTHING)
  })

  it('converts and syncs a file of format 1.1', async () => {
    const path = configFile('')
    await succeed(
      `file convert --from kong-gateway-2.x --to kong-gateway-3.x --input-file ${GUIDE} -o ${path} --yes`,
    )
    const converted = readFileSync(path, 'utf8')
    await sync(converted)
    expect(await diff(converted)).toEqual(NOTHING)
    await succeed('gateway reset -f')
  })

  it.each(Object.entries(pluginConfigs))('converges for the plugin %s', async (name, config) => {
    const text = stringify({ _format_version: '3.0', plugins: [{ name, config }] })
    await sync(text)
    expect(await diff(text)).toEqual(NOTHING)
  })

  it('takes 2,000 services with 4,000 routes', async () => {
    await succeed('gateway reset -f')
    const services = Array.from({ length: 2000 }, (_, i) => ({
      name: `service-${i}`,
      host: `host-${i}.test`,
      routes: [0, 1].map((n) => ({ name: `route-${i}-${n}`, paths: [`/${i}/${n}`] })),
    }))
    const text = stringify({ _format_version: '3.0', services })
    await sync(text)
    expect(await diff(text)).toEqual(NOTHING)
    await succeed('gateway reset -f')
  })
})
