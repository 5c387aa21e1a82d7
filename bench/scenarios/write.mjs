import { existsSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { askFor } from '../config.mjs'
import { median } from '../load/summary.mjs'
import { folder, here, pause, startGibbon, stop } from '../processes.mjs'
import { markdown } from '../rounds.mjs'

const ROUTES = 10_000
const WRITES = 20
const agent = new Agent({ keepAlive: true })

/** One write to the Admin API among many routes: how soon it is served, and how long it holds everything else up. */
export async function measure({ port, ports, rounds, progress }) {
  const tables = []
  for (const database of ['memory', 'file']) {
    const gateway = await filled(port, database, { ports, progress })
    const began = performance.now()
    await served(port, ROUTES - 1)
    const first = performance.now() - began
    const rows = []
    for (let round = 1; round <= rounds; round++) {
      progress(`${database}: round ${round} of ${rounds}`)
      rows.push(await writes(gateway, round))
    }
    await stop(gateway)
    tables.push({ database, rows, first })
  }
  const of = (rows, key, choose = median) => choose(rows.map((row) => row[key])).toFixed(1)
  const highest = (values) => Math.max(...values)
  const table = markdown(
    [
      'database',
      'first request after the filling, ms',
      'until served, ms (p50)',
      'longest of all, ms',
      'longest stall with writes, ms',
      'without, ms',
    ],
    tables.map(({ database, rows, first }) => [
      database,
      first.toFixed(0),
      of(rows, 'middle'),
      of(rows, 'most', highest),
      of(rows, 'stall'),
      of(rows, 'quiet'),
    ]),
  )
  const text = `${ROUTES.toLocaleString('en')} routes there already; ${WRITES} writes a round, 25 ms apart, each timed from its POST to the first proxied answer by the new route. The stall is the longest delay of the event loop (a timer of 1 ms) within the process, beside the same time without writes; medians of rounds. The first request after the filling waits for all routes at once. Node.\n\n${table}`
  return { title: 'A write among 10,000 routes', text }
}

async function filled(port, database, { ports, progress }) {
  const report = join(folder, `stall-${database}.json`)
  const env = {
    KONG_DATABASE: database,
    KONG_DECLARATIVE_CONFIG: '',
    GIBBON_DATA_DIR: join(folder, `data-${database}`),
    NODE_OPTIONS: `--import=${here('stall-probe.mjs')}`,
    BENCH_STALL_FILE: report,
  }
  const admin = `http://127.0.0.1:${port + 100}`
  const started = await startGibbon(port, { config: {}, env, ready: `${admin}/status` })
  await post(`${admin}/upstreams`, { name: 'bench' })
  for (const target of ports.clear)
    await post(`${admin}/upstreams/bench/targets`, { target: `127.0.0.1:${target}` })
  await post(`${admin}/services`, { name: 'bench', host: 'bench' })
  let next = 0
  const fill = async () => {
    while (next < ROUTES) {
      const number = next++
      if (number % 2000 === 0) progress(`${database}: ${number} of ${ROUTES} routes`)
      await postRoute(admin, number)
    }
  }
  await Promise.all(Array.from({ length: 8 }, fill))
  return { ...started, admin, port, report }
}

async function writes(gateway, round) {
  await stall(gateway)
  await pause(WRITES * 35)
  const quiet = await stall(gateway)
  const times = []
  for (let at = 0; at < WRITES; at++) {
    const number = ROUTES + round * WRITES + at
    const began = performance.now()
    await postRoute(gateway.admin, number)
    await served(gateway.port, number)
    times.push(performance.now() - began)
    await pause(25)
  }
  return { middle: median(times), most: Math.max(...times), quiet, stall: await stall(gateway) }
}

/** The longest delay, in ms, since it was asked for last. */
async function stall({ pid, report }) {
  rmSync(report, { force: true })
  process.kill(pid, 'SIGUSR2')
  while (!existsSync(report)) await pause(5)
  const { most } = JSON.parse(readFileSync(report, 'utf8'))
  // Writing it is no part of what comes next.
  await pause(20)
  return most
}

function postRoute(admin, number) {
  const { path, host } = askFor(number)
  return post(`${admin}/services/bench/routes`, {
    name: `r${number}`,
    hosts: [host],
    paths: [path],
  })
}

/** Asks by the new route until it answers; `fetch` could not name the host. */
async function served(port, number) {
  const { path, host } = askFor(number)
  const status = () =>
    new Promise((resolve, reject) => {
      const answered = (answer) => answer.resume().on('end', () => resolve(answer.statusCode))
      request({ host: '127.0.0.1', port, path, agent, headers: { host } }, answered)
        .on('error', reject)
        .end()
    })
  while ((await status()) !== 200);
}

async function post(url, body) {
  const answer = await fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' },
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text}`)
}
