#!/usr/bin/env node
// `npm run bench`: Gibbon beside its peers, rounds interleaved, CPU per request first. Writes bench/results.md.
// `npm --prefix bench install` fetches the npm peers; without them it is measured beside the bare proxy alone.
import { fork, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { build } from '../scripts/build.mjs'
import { load } from './load.mjs'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5)
const MS = Number(process.env.BENCH_MS ?? 3000)
const TARGETS = [18901, 18902]
const here = (path) => new URL(path, import.meta.url).pathname

build()
const targets = await started(here('target.mjs'), TARGETS)
const candidates = await startAll()
for (const candidate of candidates) await load(candidate.port, { ms: 1500, connections: 64 })

for (let round = 0; round < ROUNDS; round++) {
  for (const candidate of candidates) {
    process.stderr.write(`round ${round + 1} of ${ROUNDS}: ${candidate.name}\n`)
    const before = cpuOf(candidate.pid)
    const got = await load(candidate.port, { ms: MS, connections: 64 })
    const cpu = ((cpuOf(candidate.pid) - before) / got.count) * 1e6
    candidate.rounds.push({ ...got, cpu, rps: got.count / (MS / 1000), rss: rssOf(candidate.pid) })
  }
}
report()
for (const { child } of candidates) child.kill()
targets.kill()
process.exit(0)

async function startAll() {
  const list = [{ name: 'gibbon', port: 18800, start: (port) => startGibbon(port, 'node') }]
  for (const [index, runtime] of ['bun', 'deno'].entries()) {
    if (runtimeCommand(runtime) === undefined) continue
    const start = (port) => startGibbon(port, runtime)
    list.push({ name: `gibbon on ${runtime}`, port: 18810 + index, start })
  }
  if (existsSync('/usr/lib/nginx/modules/ngx_http_lua_module.so')) {
    const start = (port) => started(here('peers/nginx-lua.mjs'), [port, ...TARGETS])
    list.push({ name: 'nginx with Lua', port: 18820, start })
  }
  const peers = [
    ['bare node:http', 'bare-node'],
    ['fast-gateway', 'fast-gateway'],
    ['@fastify/http-proxy', 'fastify-http-proxy'],
    ["Hono's proxy helper", 'hono-proxy'],
  ]
  peers.forEach(([name, file], index) => {
    if (file !== 'bare-node' && !existsSync(here('node_modules'))) return
    list.push({
      name,
      port: 18801 + index,
      start: (port) => started(here(`peers/${file}.mjs`), [port, ...TARGETS]),
    })
  })
  const running = []
  for (const { name, port, start } of list) {
    const child = await start(port)
    running.push({ name, port, child, pid: child.workerPid ?? child.pid, rounds: [] })
  }
  return running
}

function started(file, words) {
  return new Promise((resolve, reject) => {
    const child = fork(file, words.map(String), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    child.once('message', (message) => {
      // A peer that is no Node tells whose CPU counts.
      child.workerPid = message?.pid
      resolve(child)
    })
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
  })
}

function runtimeCommand(runtime) {
  if (runtime === 'node') return [process.execPath, here('../dist/adapters/node/main.js'), 'start']
  const scope = runtime === 'bun' ? '@oven' : '@deno'
  const folder = here(`../test/runtimes/node_modules/${scope}`)
  const names = existsSync(folder) ? readdirSync(folder) : []
  const file = names.flatMap((name) => [`${folder}/${name}/bin/bun`, `${folder}/${name}/deno`])
  const binary = file.find((path) => existsSync(path))
  if (binary === undefined) return undefined
  const words = runtime === 'deno' ? ['run', '-A'] : []
  return [binary, ...words, here(`../adapters/${runtime}/main.ts`), 'start']
}

async function startGibbon(port, runtime) {
  const admin = port + 100
  const env = {
    ...process.env,
    KONG_DATABASE: 'memory',
    KONG_PROXY_LISTEN: `127.0.0.1:${port}`,
    KONG_ADMIN_LISTEN: `127.0.0.1:${admin}`,
  }
  const [command, ...words] = runtimeCommand(runtime)
  const child = spawn(command, words, { env, stdio: 'ignore' })
  const post = async (path, body) => {
    for (let tries = 0; ; tries++) {
      const answer = await fetch(`http://127.0.0.1:${admin}${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json' },
      }).catch(() => undefined)
      if (answer?.ok) return
      if (answer !== undefined || tries > 100) throw new Error(`${path}: ${await answer?.text()}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  await post('/upstreams', { name: 'bench' })
  for (const target of TARGETS)
    await post('/upstreams/bench/targets', { target: `127.0.0.1:${target}` })
  await post('/services', { name: 'bench', host: 'bench' })
  await post('/services/bench/routes', { paths: ['/mock'] })
  return child
}

/** Seconds of CPU, user and system, that a process has used; Linux only. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function rssOf(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}

function report() {
  const base = candidates[0].rounds
  const rows = candidates.map(({ name, rounds }) => {
    const of = (key) => median(rounds.map((round) => round[key]))
    const ratio = median(rounds.map((round, index) => round.cpu / base[index].cpu))
    const failed = rounds.reduce((sum, round) => sum + round.failed, 0)
    return `| ${name} | ${of('cpu').toFixed(1)} | ${ratio.toFixed(2)} | ${of('rps').toFixed(0)} | ${of('p50').toFixed(2)} | ${of('p99').toFixed(2)} | ${of('rss').toFixed(0)} | ${failed} |`
  })
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`
  const text = `# Measured by \`npm run bench\`

GET, 140 bytes of JSON, 64 keep-alive connections, one route, two targets; ${ROUNDS} interleaved rounds of ${MS / 1000} s, medians.
Machine: ${machine}, shared and noisy: believe no difference under 10 %. The peers do less: no health, no retries, most know one target.

| proxy | CPU µs a request | × Gibbon | requests/s | p50 ms | p99 ms | memory MiB | failed |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}
`
  // What other benches measured stands below.
  const known = existsSync(here('results.md')) ? readFileSync(here('results.md'), 'utf8') : ''
  const below = known.indexOf('\n## ')
  writeFileSync(here('results.md'), below < 0 ? text : text + known.slice(below))
  process.stdout.write(text)
}
