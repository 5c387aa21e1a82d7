import { expect, it } from 'vitest'
import { openLogging } from '../../test/logs/open-logging.ts'

const PATH = '/var/log/kong.log'
const plugins = (config: object = {}) => [{ name: 'file-log', config: { path: PATH, ...config } }]

it('writes a line of JSON for each request', async () => {
  const { ask, files, settle } = await openLogging({ plugins: plugins() })
  await ask('/a?x=1', { headers: ['X-Two', 'one', 'X-Two', 'two'] })
  await ask('/b')
  await settle()
  expect(files.appended.map(({ path, reopen }) => [path, reopen])).toEqual([
    [PATH, false],
    [PATH, false],
  ])
  const [first, second] = files.appended.map(({ text }) => text)
  expect(first?.indexOf('\n')).toBe((first?.length ?? 0) - 1)
  expect(JSON.parse(first ?? '')).toMatchObject({
    request: { uri: '/a?x=1', querystring: { x: '1' }, headers: { 'x-two': ['one', 'two'] } },
    response: { status: 200 },
    service: { name: 'echo' },
    route: { name: 'all' },
  })
  expect(JSON.parse(second ?? '').request.uri).toBe('/b')
})

it('opens the file anew when it is told to', async () => {
  const { ask, files, settle } = await openLogging({ plugins: plugins({ reopen: true }) })
  await ask('/')
  await settle()
  expect(files.appended[0]?.reopen).toBe(true)
})

it('answers, and says so once, while the disk is full', async () => {
  const { ask, files, runtime, settle } = await openLogging({ plugins: plugins() })
  files.full = true
  for (const path of ['/', '/', '/']) expect((await ask(path)).status).toBe(200)
  await settle()
  expect(runtime.lines.filter((line) => line.includes(PATH))).toHaveLength(1)
})

it.each([
  { why: 'without files', config: {}, outlets: {}, said: 'there are no files on this runtime' },
  {
    why: 'with expressions in Lua',
    config: { custom_fields_by_lua: { a: 'return 1' } },
    outlets: undefined,
    said: 'custom_fields_by_lua: there is no Lua here: it takes Node, Bun or Deno, the package fengari and untrusted_lua=sandbox',
  },
])('is refused $why', async ({ config, outlets, said }) => {
  const opened = openLogging({ plugins: plugins(config), ...(outlets && { outlets }) })
  await expect(opened.catch((error) => JSON.stringify(error.fields ?? error))).resolves.toContain(
    said,
  )
})
