import type { Gateway, GatewayOptions } from '../../src/gateway.ts'
import { type MemoryOptions, openMemory } from '../open-memory.ts'
import {
  type Answering,
  type FakeRuntime,
  type FakeTransport,
  fakeRuntime,
} from '../proxy/fakes.ts'

/** A gateway in this process: no port, no disk, an upstream that answers as the test says. */
export interface Rig {
  readonly gateway: Gateway
  readonly runtime: FakeRuntime
  /** What went to upstreams and other servers. */
  readonly transport: FakeTransport
  /** Asks through the proxy: `GET http://a.test/…` unless said. */
  ask(path: string, init?: RequestInit): Promise<Asked>
  /** Asks the Admin API. */
  admin(method: string, path: string, body?: unknown): Promise<Asked>
  close(): Promise<void>
}

/** An answer, read. */
export interface Asked {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown
}

/** What a rig is opened with. */
export interface RigOptions extends Partial<Pick<GatewayOptions, 'sockets' | 'files' | 'plugins'>> {
  /** A kong.yaml's content beside one service, `echo`, with one route, `all`, on `/`. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Plugins of that service's route. */
  readonly plugins_of_route?: readonly Readonly<Record<string, unknown>>[]
  readonly upstream?: Answering
  /** The environment it runs in. */
  readonly variables?: Readonly<Record<string, string>>
  readonly settings?: MemoryOptions['settings']
}

/** Opens a gateway over fakes, its clock standing still until the test moves it. */
export async function openGateway(options: RigOptions = {}): Promise<Rig> {
  const { config = {}, plugins_of_route = [], variables, settings, ...parts } = options
  const runtime = fakeRuntime()
  Object.assign(runtime.variables, variables)
  const { gateway, transport } = await openMemory({
    ...parts,
    runtime,
    settings: { unimplementedPlugins: 'refuse', ...settings },
  })
  const echo = {
    name: 'echo',
    url: 'http://echo.test:80',
    routes: [{ name: 'all', paths: ['/'], plugins: plugins_of_route }],
  }
  await gateway.applyConfig({ _format_version: '3.0', services: [echo], ...config })

  return {
    gateway,
    runtime,
    transport,
    ask: async (path, init) =>
      readAnswer(
        await gateway.proxy(new Request(`http://a.test${path}`, init), {
          ip: '10.0.0.9',
        }),
      ),
    admin: async (method, path, body) =>
      readAnswer(
        await gateway.admin(
          new Request(`http://localhost:8001${path}`, {
            method,
            ...(body === undefined
              ? {}
              : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
          }),
        ),
      ),
    close: () => gateway.close(),
  }
}

async function readAnswer(response: Response): Promise<Asked> {
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: parsed(text) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
