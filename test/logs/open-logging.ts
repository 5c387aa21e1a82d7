import type { Gateway, GatewayOptions } from '../../src/gateway.ts'
import { type MemoryOptions, openMemory } from '../open-memory.ts'
import {
  type Answering,
  clientRequest,
  type FakeRuntime,
  type FakeTransport,
  fakeRuntime,
  incoming,
  textOf,
} from '../proxy/fakes.ts'
import {
  type FakeFiles,
  type FakeSockets,
  type FakeSyslog,
  fakeFiles,
  fakeSockets,
  fakeSyslog,
} from './fake-outlets.ts'

/** A gateway whose plugins write to fakes. */
export interface Logging {
  readonly gateway: Gateway
  readonly runtime: FakeRuntime
  readonly transport: FakeTransport
  readonly sockets: FakeSockets
  readonly files: FakeFiles
  readonly syslog: FakeSyslog
  /** Sends a request and reads the answer whole; its status and headers come back. */
  ask(target: string, given?: Parameters<typeof clientRequest>[0]): Promise<Answered>
  /** Lets what is under way arrive. */
  settle(): Promise<void>
}

/** An answer that was read whole. */
export interface Answered {
  readonly status: number
  readonly headers: readonly string[]
}

/** What a test says of it. */
export interface LoggingOptions {
  readonly plugins: readonly Readonly<Record<string, unknown>>[]
  /** What upstreams answer; log servers are among them. */
  readonly upstream?: Answering
  readonly outlets?: Partial<Pick<GatewayOptions, 'sockets' | 'files' | 'syslog'>>
  readonly settings?: MemoryOptions['settings']
  /** What the machine it runs on is called, and its environment. */
  readonly machine?: { readonly hostname?: string; readonly variables?: Record<string, string> }
  /** A kong.yaml's content beside the service `echo` with its route `all`. */
  readonly config?: Readonly<Record<string, unknown>>
}

/** Opens a gateway with one service and one route, its clock in the test's hands. */
export async function openLogging(options: LoggingOptions): Promise<Logging> {
  const [sockets, files, syslog] = [fakeSockets(), fakeFiles(), fakeSyslog()]
  const { gateway, runtime, transport } = await openMemory({
    runtime: Object.assign(fakeRuntime(), options.machine),
    upstream: options.upstream ?? (() => incoming({ body: 'hello' })),
    settings: { unimplementedPlugins: 'refuse', ...options.settings },
    ...(options.outlets ?? { sockets, files, syslog }),
  })
  const routes = [{ name: 'all', paths: ['/'], plugins: options.plugins }]
  const echo = { name: 'echo', url: 'http://echo.test:80', routes }
  await gateway.applyConfig({ _format_version: '3.0', services: [echo], ...options.config })
  return {
    gateway,
    runtime,
    transport,
    sockets,
    files,
    syslog,
    async ask(target, given) {
      const answer = await gateway.handle(clientRequest({ host: 'a.test', target, ...given }))
      await textOf(answer.body)
      answer.finished?.(true)
      return { status: answer.status, headers: answer.headers }
    },
    async settle() {
      for (let i = 0; i < 50; i++) await Promise.resolve()
    },
  }
}
