// Starts what is measured, each in a process of its own, and reads what a process costs; Linux only.
import { execFileSync, fork, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'

/** The path of a file beside this one. */
export const here = (path) => new URL(path, import.meta.url).pathname

/** The first of the ports in use; the rest follow it. */
export const PORT = Number(process.env.BENCH_PORT ?? 18800)

/** Where files of this run are; removed at its end. */
export const folder = mkdtempSync(join(tmpdir(), 'gibbon-bench-'))

/** A certificate for localhost that lives as long as the run. */
export const certificate = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }

const running = new Set()

/** Makes the certificate. */
export function makeCertificate() {
  const { cert, key } = certificate
  const words =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost'
  process.env.BENCH_CERT = cert
  process.env.BENCH_KEY = key
  execFileSync('openssl', [...words.split(' '), '-keyout', key, '-out', cert], { stdio: 'ignore' })
}

/** Forks a file of ours; resolves when it says that it serves. */
export function forked(file, words) {
  return new Promise((resolve, reject) => {
    const child = fork(file, words.map(String), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    running.add(child)
    child.once('message', (message) => {
      // A peer that is no Node tells whose CPU counts.
      resolve({ child, pid: message?.pid ?? child.pid })
    })
    child.once('exit', (code) => {
      running.delete(child)
      reject(new Error(`${file} ended with ${code}`))
    })
  })
}

/** The command that starts Gibbon on a runtime; undefined where that runtime is not installed. */
export function gibbonCommand(runtime) {
  if (runtime === 'node') return [process.execPath, here('../dist/adapters/node/main.js'), 'start']
  const scope = here(`../test/runtimes/node_modules/@${runtime === 'bun' ? 'oven' : 'deno'}`)
  const names = existsSync(scope) ? readdirSync(scope) : []
  const files = names.flatMap((name) => [`${scope}/${name}/bin/bun`, `${scope}/${name}/deno`])
  const binary = files.find((path) => existsSync(path))
  if (binary === undefined) return undefined
  const words = runtime === 'deno' ? ['run', '-A'] : []
  return [binary, ...words, here(`../adapters/${runtime}/main.ts`), 'start']
}

/** Starts Gibbon on a port (TLS and HTTP/2 50 above, Admin API 100 above); resolves when `ready` answers. */
export async function startGibbon(port, options = {}) {
  const { runtime = 'node', config, file = writtenConfig(port, config), env = {} } = options
  const [command, ...words] = gibbonCommand(runtime)
  const child = spawn(command, words, {
    env: {
      ...process.env,
      KONG_DATABASE: 'off',
      KONG_DECLARATIVE_CONFIG: file,
      KONG_PROXY_LISTEN: `127.0.0.1:${port}, 127.0.0.1:${port + 50} ssl http2`,
      KONG_ADMIN_LISTEN: `127.0.0.1:${port + 100}`,
      KONG_ADMIN_GUI_LISTEN: 'off',
      KONG_SSL_CERT: certificate.cert,
      KONG_SSL_CERT_KEY: certificate.key,
      ...env,
    },
    stdio: ['ignore', 'ignore', process.env.BENCH_DEBUG === undefined ? 'ignore' : 'inherit'],
  })
  running.add(child)
  const gone = new Promise((_, reject) => {
    child.once('exit', (code) => {
      running.delete(child)
      reject(new Error(`gibbon on ${runtime} ended with ${code}; BENCH_DEBUG=1 shows its log`))
    })
  })
  gone.catch(() => {})
  await Promise.race([gone, answers(options.ready ?? `http://127.0.0.1:${port}/mock/`)])
  return { child, pid: child.pid }
}

/** Asks every few milliseconds until the answer is a good one. */
export async function answers(url, patience = 120_000) {
  const end = Date.now() + patience
  while (Date.now() < end) {
    const answer = await fetch(url).catch(() => undefined)
    await answer?.arrayBuffer()
    if (answer?.ok) return
    await pause(10)
  }
  throw new Error(`${url} does not answer`)
}

/** Ends one process, and resolves when it has ended. */
export async function stop({ child }) {
  if (!running.has(child)) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill()
  const hard = setTimeout(() => child.kill('SIGKILL'), 5000)
  await ended
  clearTimeout(hard)
}

/** Ends all that still runs but one. */
export async function stopOthers(kept) {
  const others = [...running].filter((child) => child !== kept?.child)
  await Promise.all(others.map((child) => stop({ child })))
}

/** Ends all that still runs and removes the files of the run. */
export async function stopAll() {
  await stopOthers()
  rmSync(folder, { recursive: true, force: true })
}

/** Whether a process is still there. */
export function lives(pid) {
  return existsSync(`/proc/${pid}/stat`)
}

/** Seconds of CPU, user and system, that a process and its children have used. */
export function cpuOf(pid) {
  return sumOf(pid, 'stat', (stat) => {
    const fields = stat.split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100
  })
}

/** MiB of memory that a process and its children have in RAM. */
export function rssOf(pid) {
  return sumOf(pid, 'status', (status) => Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
}

/** Keeps a process to a core, or lets it go to all again; tells whether it could be done. */
export function keepToCore(pid, core) {
  // Not what is free to us: that shrinks once we keep to one ourselves.
  const cores = cpus().length
  if (cores < 2) return false
  const which = core === undefined ? `0-${cores - 1}` : String(core)
  const { status } = spawnSync('taskset', ['-acp', which, String(pid)], { stdio: 'ignore' })
  return status === 0
}

/** Waits. */
export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function sumOf(pid, file, amount) {
  return treeOf(pid).reduce((sum, one) => sum + amount(textOf(`/proc/${one}/${file}`)), 0)
}

function treeOf(pid) {
  const tasks = lives(pid) ? readdirSync(`/proc/${pid}/task`) : []
  const children = tasks.flatMap((task) =>
    textOf(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean),
  )
  return [pid, ...children.flatMap(treeOf)]
}

/** Threads and children come and go while they are read. */
function textOf(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function writtenConfig(port, config) {
  const file = join(folder, `${port}.json`)
  writeFileSync(file, JSON.stringify(config))
  return file
}
