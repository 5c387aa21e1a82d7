import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../runtimes/ports.ts'
import { type RunningGateway, type RuntimeName, startGateway } from '../runtimes/start.ts'
import { configOf } from './places.ts'
import {
  connectTo,
  type RawAnswer,
  type RawClient,
  requestText,
  TRUSTED_CLIENT,
} from './raw-client.ts'
import {
  answering,
  ok,
  type Script,
  type ScriptedTarget,
  type Seen,
  startScriptedTarget,
} from './scripted-target.ts'

/** What a case may say beside its bytes. */
export interface ExchangeOptions {
  /** What the target answers: bytes, or a script. */
  readonly answer?: string | Buffer | Script
  /** Whether the client is one whose word is taken. */
  readonly trusted?: boolean
  readonly method?: string
}

/** An answer, and what the target saw; undefined when nothing reached it. */
export interface Exchanged {
  readonly answer: RawAnswer
  readonly seen: Seen | undefined
  /** The request at the target, which must have come. */
  up(): Seen
}

/** One gateway, one target, and clients between. */
export interface World {
  readonly runtime: RuntimeName
  readonly gateway: RunningGateway
  readonly target: ScriptedTarget
  readonly closedPort: number
  connect(trusted?: boolean): Promise<RawClient>
  /** Sends bytes on a connection of their own and reads one answer. */
  exchange(bytes: string | Buffer, options?: ExchangeOptions): Promise<Exchanged>
  /** A GET with these headers, to the place that changes nothing. */
  get(path: string, headers?: string, options?: ExchangeOptions): Promise<Exchanged>
  /** Forgets what the last case saw, and answers as by default. */
  reset(): void
  stop(): Promise<void>
}

/** A behaviour of the wire that must hold. */
export interface WireCase {
  readonly name: string
  readonly run: (world: World) => Promise<void>
}

/** Starts what all cases of a runtime share. */
export async function startWorld(runtime: RuntimeName): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'gibbon-wire-'))
  const config = join(folder, 'kong.yaml')
  const target = await startScriptedTarget()
  const [closedPort] = await freePorts()
  writeFileSync(config, configOf(runtime, target.port, closedPort))
  const gateway = await startGateway(runtime, { config, settings: SETTINGS })
  const clients = new Set<RawClient>()

  const connectAs = async (trusted = false): Promise<RawClient> => {
    const client = await connectTo(gateway.proxyPort, trusted ? TRUSTED_CLIENT : undefined)
    clients.add(client)
    return client
  }
  const exchange = async (
    bytes: string | Buffer,
    { answer, trusted = false, method = 'GET' }: ExchangeOptions = {},
  ): Promise<Exchanged> => {
    if (answer !== undefined) {
      target.script = typeof answer === 'function' ? answer : answering(answer)
    }
    const client = await connectAs(trusted)
    client.write(bytes)
    const got = await client.answer(method)
    const seen = target.seen.at(-1)
    return { answer: got, seen, up: () => seenOr(seen, got) }
  }

  return {
    runtime,
    gateway,
    target,
    closedPort,
    connect: connectAs,
    exchange,
    get: (path, headers = '', options = {}) =>
      exchange(requestText(`GET ${path}`, 'echo.test', headers), options),
    reset() {
      for (const client of clients) client.leave()
      clients.clear()
      target.seen.length = 0
      target.faults.length = 0
      target.script = ok
    },
    async stop() {
      for (const client of clients) client.leave()
      await Promise.all([gateway.stop(), target.close()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const SETTINGS = {
  trusted_ips: `${TRUSTED_CLIENT}/32`,
  allow_debug_header: 'on',
  headers: 'server_tokens,latency_tokens,x-kong-request-id,x-kong-upstream-status',
}

function seenOr(seen: Seen | undefined, { start, text }: RawAnswer): Seen {
  if (seen !== undefined) return seen
  throw new Error(`Nothing reached the target; the gateway said ${start}\n${text}`)
}
