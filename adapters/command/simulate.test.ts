import { expect, it } from 'vitest'
import { simulateCommand } from './simulate.ts'

const SMALL = `
duration: 2s
load: { requests_per_second: 100 }
algorithms: [round-robin, latency]
targets:
  - { name: a, count: 2, latency: { p50: 20ms, p99: 50ms } }
`

it('prints a table', async () => {
  const { code, out, err } = await run(SMALL)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/^round-robin +\d+ +\d+\.\d ms/m)
})

it('prints JSON, and draws a chart besides', async () => {
  const { code, out, written } = await run(SMALL, { json: ['true'], out: ['chart.svg'] })
  expect(code).toBe(0)
  expect(JSON.parse(out).algorithms).toHaveLength(2)
  expect([...written.keys()]).toEqual(['chart.svg'])
  expect(written.get('chart.svg')).toMatch(/^<svg .*<\/svg>\n$/s)
})

it('says all that is wrong with a scenario, and where', async () => {
  const { code, out, err } = await run(`duration: 2s
load: { request_per_second: 100 }
targets:
  - name: a
    latency: { p50: 20 }
`)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err.split('\n')).toEqual([
    expect.stringMatching(/^gibbon: lab\.yaml:2:\d+: load: exactly one of these fields/),
    expect.stringMatching(
      /^gibbon: lab\.yaml:2:\d+: load\.request_per_second: unknown field \(did you mean 'requests_per_second'\)$/,
    ),
    expect.stringMatching(/^gibbon: lab\.yaml:5:\d+: targets\.1\.latency\.p50: expected a time/),
    '',
  ])
})

it.each([
  ['a: [', /^gibbon: lab\.yaml:\d/],
  ['', /^gibbon: lab\.yaml/],
])('refuses %o', async (text, said) => {
  const { code, err } = await run(text)
  expect(code).toBe(1)
  expect(err).toMatch(said)
})

it('says that a file is not there, or cannot be written', async () => {
  const missing = await run(new Error('cannot read lab.yaml: there is no such file'))
  expect(missing).toMatchObject({
    code: 1,
    err: 'gibbon: cannot read lab.yaml: there is no such file\n',
  })
  const full = await run(SMALL, { out: ['/full/chart.svg'] })
  expect(full).toMatchObject({ code: 1, err: 'gibbon: cannot write /full/chart.svg: no space\n' })
})

it('tells how far it is once that takes long', async () => {
  const { err } = await run(SMALL, {}, 2_000)
  expect(err).toMatch(/^gibbon: simulated second \d of 4\n/)
})

async function run(text: string | Error, flags: Record<string, string[]> = {}, step = 0) {
  const written = new Map<string, string>()
  let [out, err, clock] = ['', '', 0]
  const code = await simulateCommand(
    { file: 'lab.yaml', flags: new Map(Object.entries(flags)) },
    {
      out: async (part) => {
        out += part
      },
      err: (part) => {
        err += part
      },
      isTerminal: false,
      now: () => {
        clock += step
        return clock
      },
      readFile: () => {
        if (text instanceof Error) throw text
        return text
      },
      writeFile: (file, content) => {
        if (file.startsWith('/full')) throw new Error('no space')
        written.set(file, content)
      },
    },
  )
  return { code, out, err, written }
}
