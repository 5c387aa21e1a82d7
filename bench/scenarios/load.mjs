import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { manyRoutes, yamlOf } from '../config.mjs'
import { median } from '../load/summary.mjs'
import { cpuOf, folder, pause, rssOf, startGibbon, stop } from '../processes.mjs'
import { markdown } from '../rounds.mjs'

const COUNTS = [1, 10_000, 100_000]

/** What it costs to start with many routes, until the first answer, and what they weigh at rest. */
export async function measure({ port, ports, rounds, progress }) {
  const files = COUNTS.flatMap((count) =>
    ['json', 'yaml'].map((format) => ({ count, format, file: written(count, format, ports) })),
  ).map((entry) => ({ ...entry, rounds: [] }))
  for (let round = 1; round <= rounds; round++) {
    for (const { file, count, format, rounds: got } of files) {
      progress(`round ${round} of ${rounds}: ${count} routes from ${format}`)
      got.push(await loaded(port, file))
    }
  }
  const of = ({ rounds: got }, key) => median(got.map((one) => one[key]))
  const table = markdown(
    [
      'routes',
      'from',
      'until served, s',
      'CPU s',
      'CPU s over one route',
      'memory at rest MiB',
      'KiB a route',
    ],
    files.map((entry, index) => {
      const base = files[index % 2]
      const weight = ((of(entry, 'rss') - of(base, 'rss')) * 1024) / entry.count
      return [
        entry.count.toLocaleString('en'),
        entry.format.toUpperCase(),
        of(entry, 'wall').toFixed(2),
        of(entry, 'cpu').toFixed(2),
        (of(entry, 'cpu') - of(base, 'cpu')).toFixed(2),
        of(entry, 'rss').toFixed(0),
        entry === base ? '–' : weight.toFixed(1),
      ]
    }),
  )
  const text = `\`gibbon start\` with a file, on Node, from the command to the first proxied answer; memory (RSS) three seconds later, garbage that was not yet collected with it.\n\n${table}`
  return { title: 'Loading many routes', text }
}

async function loaded(port, file) {
  const began = performance.now()
  const started = await startGibbon(port, { file })
  const wall = (performance.now() - began) / 1000
  const cpu = cpuOf(started.pid)
  await pause(3000)
  const rss = rssOf(started.pid)
  await stop(started)
  return { wall, cpu, rss }
}

function written(count, format, { clear }) {
  const config = manyRoutes(count, clear)
  const file = join(folder, `${count}.${format}`)
  writeFileSync(file, format === 'json' ? JSON.stringify(config) : yamlOf(config))
  return file
}
