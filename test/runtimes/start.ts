import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { binaryOf, ROOT } from './binaries.ts'
import { freePorts } from './ports.ts'

/** How long a gateway may take until its Admin API answers, in ms. */
const PATIENCE = 15_000

/** What a black-box test may run on. */
export type RuntimeName = 'node' | 'bun' | 'deno' | 'workerd'

/** How a gateway is to be started. */
export interface StartOptions {
  /** By Kong's names, as `KONG_NAME` variables: `{ trusted_ips: '0.0.0.0/0' }`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Kept afterwards; without it a folder is made and taken away again. */
  readonly dataDir?: string
  /** A kong.yaml to serve. */
  readonly config?: string
  /** The same as its text. */
  readonly configText?: string
}

/** A gateway in a process of its own. */
export interface RunningGateway {
  readonly proxyUrl: string
  readonly adminUrl: string
  readonly proxyPort: number
  readonly adminPort: number
  readonly pid: number
  /** Null while it runs, and when a signal ended it. */
  exitCode(): number | null
  /** All it has said so far. */
  stderr(): string
  /** SIGTERM, and its end. */
  stop(): Promise<void>
  /** SIGKILL, and its end. */
  kill(): Promise<void>
}

/** Starts a gateway on free ports and waits until it serves; rejects with what it said otherwise. */
export async function startGateway(
  runtime: RuntimeName,
  options: StartOptions = {},
): Promise<RunningGateway> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'gibbon-data-'))
  const [proxyPort, adminPort] = await freePorts()
  const child = spawnGateway(runtime, options, { dataDir, proxyPort, adminPort })
  const said = collect(child)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    signalTo(child, signal)
    await ended
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
  }

  const gateway: RunningGateway = {
    proxyUrl: `http://127.0.0.1:${proxyPort}`,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    proxyPort,
    adminPort,
    pid: child.pid ?? 0,
    exitCode: () => child.exitCode,
    stderr: said,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
  const problem = await untilServing(gateway.adminUrl, child)
  if (problem === undefined) return gateway
  await gateway.kill()
  throw new Error(`Cannot start the gateway on ${runtime}: ${problem}\n${said()}`)
}

interface Place {
  readonly dataDir: string
  readonly proxyPort: number
  readonly adminPort: number
}

function spawnGateway(runtime: RuntimeName, options: StartOptions, place: Place): ChildProcess {
  const [command, words] = commandOf(runtime)
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    KONG_PROXY_LISTEN: `127.0.0.1:${place.proxyPort}`,
    KONG_ADMIN_LISTEN: `127.0.0.1:${place.adminPort}`,
    // Many run at once.
    KONG_ADMIN_GUI_LISTEN: 'off',
    GIBBON_DATA_DIR: place.dataDir,
  }
  // workerd would wait that long for a WebSocket that a target keeps half open.
  if (runtime === 'workerd') env.KONG_SHUTDOWN_TIMEOUT = '3'
  for (const [name, value] of Object.entries(options.settings ?? {})) {
    env[`KONG_${name.toUpperCase()}`] = value
  }
  const file = configFile(options, place)
  // A group of its own, so that what it started ends with it.
  const child = spawn(command, [...words, ...(file === undefined ? [] : [file])], {
    cwd: ROOT,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const orphan = (): void => signalTo(child, 'SIGKILL')
  process.once('exit', orphan)
  child.once('close', () => process.off('exit', orphan))
  return child
}

function configFile(options: StartOptions, { dataDir }: Place): string | undefined {
  if (options.configText === undefined) return options.config
  // In a folder of its own: that is watched.
  const folder = join(dataDir, 'config')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'kong.yaml')
  writeFileSync(file, options.configText)
  return file
}

/** The command of each runtime; Node runs what was built before. */
function commandOf(runtime: RuntimeName): readonly [command: string, words: readonly string[]] {
  switch (runtime) {
    case 'node':
      return [process.execPath, ['dist/adapters/node/main.js', 'start']]
    case 'bun':
      return [binaryOf('bun'), ['adapters/bun/main.ts', 'start']]
    case 'deno':
      return [binaryOf('deno'), ['run', '-A', 'adapters/deno/main.ts', 'start']]
    case 'workerd':
      return [process.execPath, ['scripts/start-workers.mjs']]
  }
}

function collect(child: ChildProcess): () => string {
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  }
  return () => said
}

/** Why it does not serve, if it does not. */
async function untilServing(adminUrl: string, child: ChildProcess): Promise<string | undefined> {
  const deadline = Date.now() + PATIENCE
  while (Date.now() < deadline) {
    if (child.exitCode !== null) return `it ended with ${child.exitCode}`
    if (await isServing(adminUrl)) return undefined
    await new Promise((done) => setTimeout(done, 25))
  }
  return `no answer within ${PATIENCE / 1000} s`
}

async function isServing(adminUrl: string): Promise<boolean> {
  try {
    const { ok, status } = await fetch(`${adminUrl}/status`, { signal: AbortSignal.timeout(2000) })
    // With a token set, a refusal is all there is to see.
    return ok || status === 401
  } catch {
    return false
  }
}

/** A kill is for all that the gateway started too; a request to stop, the gateway passes on itself. */
function signalTo(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(signal === 'SIGKILL' ? -child.pid : child.pid, signal)
  } catch {
    // It ended in between.
  }
}
