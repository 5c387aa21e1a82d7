#!/usr/bin/env node
// `npm run bench`: Gibbon beside its peers, rounds interleaved, CPU per request first. Writes bench/results.md.
// `npm run bench -- --only small,tls --rounds 5 --seconds 3`; `npm --prefix bench install` fetches the npm peers.
import { parseArgs } from 'node:util'
import { build } from '../scripts/build.mjs'
import { targetPorts } from './config.mjs'
import {
  certificate,
  forked,
  here,
  makeCertificate,
  PORT,
  stopAll,
  stopOthers,
} from './processes.mjs'
import { writeResults } from './results.mjs'

const NAMES = [
  ...['small', '10k', '1m', 'post', 'one', 'tls', 'h2', 'routes', 'features'],
  ...['saturation', 'workers', 'websockets', 'load', 'write', 'workerd'],
]

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    all: { type: 'boolean' },
    rounds: { type: 'string', default: process.env.BENCH_ROUNDS ?? '3' },
    seconds: { type: 'string', default: '2' },
  },
})
const names = values.all || values.only === undefined ? NAMES : values.only.split(',')
const unknown = names.filter((name) => !NAMES.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`bench: no scenario ${unknown.join(', ')}; there are ${NAMES.join(', ')}\n`)
  process.exit(2)
}
process.once('SIGINT', async () => {
  await stopAll()
  process.exit(130)
})

build()
makeCertificate()
const ports = targetPorts(PORT)
const words = [ports.clear, ports.tls, certificate.cert, certificate.key]
const target = await forked(here('target.mjs'), words)
const rounds = Number(values.rounds)
const ms = Number(values.seconds) * 1000
const broken = []
for (const name of names) {
  const progress = (text) => process.stderr.write(`${name}: ${text}\n`)
  const { measure } = await import(`./scenarios/${name}.mjs`)
  try {
    const { title, text } = await measure({ target, rounds, ms, progress, port: PORT, ports })
    const section = `## ${title} (\`${name}\`)\n\n${text}\n`
    process.stdout.write(`${section}\n`)
    writeResults(name, section, { rounds, ms })
  } catch (error) {
    // The others are worth measuring all the same.
    progress(`could not be measured: ${error.stack}`)
    broken.push(name)
  } finally {
    // One that failed may have left some running on the ports of the next.
    await stopOthers(target)
  }
}
await stopAll()
process.exit(broken.length === 0 ? 0 : 1)
