import { expect, it } from 'vitest'
import { chartSvg } from '../../src/lab/chart.ts'
import { reportText } from '../../src/lab/report.ts'
import { reportJson } from '../../src/lab/report-json.ts'
import { play } from './play.ts'
import { problemOfXml } from './xml.ts'

const SCENARIO = {
  title: 'Two & a <half>',
  duration: '6s',
  load: { requests_per_second: 50, arrivals: 'even' },
  algorithms: ['round-robin', 'latency'],
  phases: [
    { name: 'before', from: '0s' },
    { name: 'during', from: '2s' },
  ],
  targets: [
    { name: 'a', count: 2, latency: { p50: '20ms' }, concurrency: 4 },
    { name: 'b', latency: { p50: '20ms' }, failures: [{ from: '2s', to: '4s', does: 'error' }] },
  ],
}

it('tells a comparison as tables, of the whole and of each phase', async () => {
  const text = reportText(await play({ ...SCENARIO, algorithms: ['round-robin'], phases: [] }))
  expect(text).toBe(`Two & a <half>
6.00 s of simulated time, seed 1

             requests      p50      p90      p99      max  failed  retries  fairness
round-robin       299  20.0 ms  20.0 ms  20.0 ms  20.0 ms      33        0     1.000

share, busy    round-robin
a (2)        66.6 %    8 %
b            33.4 %      -
`)
  const phased = reportText(await play(SCENARIO))
  expect(phased).toContain('\nbefore, 0 ms to 2.00 s\n\n')
  expect(phased).toContain('\nduring, 2.00 s to 6.00 s\n\n')
  expect(phased.match(/^latency /gm)).toHaveLength(3)
})

it('tells the same as JSON', async () => {
  const { results, ...comparison } = await play(SCENARIO)
  const told = JSON.parse(reportJson({ results, ...comparison }))
  expect(told).toMatchObject({ title: 'Two & a <half>', seed: 1, duration_ms: 6_000 })
  expect(told.algorithms[0]).toMatchObject({
    algorithm: 'round-robin',
    requests: 299,
    failed: results[0]?.whole.failed,
    phases: [{ name: 'before' }, { name: 'during', from_ms: 2_000, to_ms: 6_000 }],
    targets: [{ name: 'a-1', group: 'a' }, { name: 'a-2' }, { name: 'b', utilisation: null }],
  })
  expect(told.algorithms[0].slices).toHaveLength(60)
})

it('draws a chart that is well-formed XML, whatever the title, with its figures in words', async () => {
  const svg = chartSvg(await play({ ...SCENARIO, title: 'a "b" <c> & \u0000]]> \ud800' }))
  expect(problemOfXml(svg)).toBeUndefined()
  expect(svg).toContain('<title id="title">a &quot;b&quot; &lt;c&gt; &amp;  ]]&gt;  </title>')
  expect(svg).toMatch(/<desc id="desc">[^<]*round-robin: p50 20\.0 ms[^<]*latency: p50/)
  expect(svg).toContain('prefers-color-scheme:dark')
  expect(svg).not.toMatch(/NaN|Infinity|undefined/)
})

it('draws a chart though nothing was answered, and of many targets by their entries', async () => {
  const targets = [
    { name: 'many', count: 30, latency: { p50: '20ms' }, failures: [{ does: 'refuse' }] },
    { name: 'one', latency: { p50: '20ms' }, failures: [{ does: 'refuse' }] },
  ]
  const svg = chartSvg(await play({ ...SCENARIO, targets }))
  expect(problemOfXml(svg)).toBeUndefined()
  expect(svg).toContain('>many (30)</text>')
  expect(svg).not.toMatch(/NaN|Infinity|undefined/)
})

it.each([
  ['<a><b></a></b>', '</a> closes b'],
  ['<a b=c/>', 'no tag: <a b=c/>'],
  ['<a>&</a>', 'a bare & or <'],
  ['<a b="1" b="2"/>', 'b twice'],
  ['<a>', 'a is open'],
])('knows %s for what it is', (xml, problem) => {
  expect(problemOfXml(xml)).toBe(problem)
})
