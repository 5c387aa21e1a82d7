import { expect, it } from 'vitest'
import { readMetrics } from './metrics.fixture.ts'
import { metricsText } from './metrics-text.ts'

it('writes what a strict reader reads back, whatever the labels hold', () => {
  const labels = { plain: 'a', odd: 'a"b\\c\nd{e}="f",g ü', empty: '' }
  const text = metricsText([
    { name: 'a_total', help: 'A \\ and\na line', type: 'counter', samples: [{ labels, value: 3 }] },
    { name: 'b', help: 'B', type: 'gauge', samples: [{ labels: {}, value: -0.5 }] },
  ])
  const read = readMetrics(text)
  expect(read.get('a_total')?.samples).toEqual([{ name: 'a_total', labels, value: 3 }])
  expect(read.get('b')?.samples).toEqual([{ name: 'b', labels: {}, value: -0.5 }])
  expect(text).toContain('# HELP a_total A \\\\ and\\na line\n')
})

it('adds up a histogram’s buckets', () => {
  const sample = { labels: { x: '1' }, bounds: [1, 5], counts: [2, 0, 3], sum: 40 }
  const text = metricsText([{ name: 'h', help: 'H', type: 'histogram', samples: [sample] }])
  expect(text).toBe(
    '# HELP h H\n# TYPE h histogram\n' +
      'h_bucket{x="1",le="1"} 2\nh_bucket{x="1",le="5"} 2\nh_bucket{x="1",le="+Inf"} 5\n' +
      'h_sum{x="1"} 40\nh_count{x="1"} 5\n',
  )
  expect(readMetrics(text).get('h')?.samples).toHaveLength(5)
})

it('leaves out a metric without values', () => {
  expect(metricsText([{ name: 'x', help: 'X', type: 'gauge', samples: [] }])).toBe('')
})
