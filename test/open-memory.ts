import { createMemoryKV } from '../adapters/memory/kv.ts'
import { createMemoryStore } from '../adapters/memory/store.ts'
import { createGateway, type Gateway, type GatewayOptions } from '../src/gateway.ts'
import {
  type Answering,
  type FakeRuntime,
  type FakeTransport,
  fakeRuntime,
  fakeTransport,
  incoming,
  settingsWith,
} from './proxy/fakes.ts'

/** A whole gateway in this process: no port, no disk, its clock in the test's hands. */
export interface MemoryGateway {
  readonly gateway: Gateway
  readonly runtime: FakeRuntime
  /** What went to upstreams and other servers. */
  readonly transport: FakeTransport
  /** Asks the Admin API, as in `POST /services`; a body goes as JSON. */
  admin(call: string, body?: unknown): Promise<AdminAnswer>
}

/** An answer of the Admin API, read. */
export interface AdminAnswer {
  readonly status: number
  /** As JSON; undefined when there is none. */
  readonly body: unknown
}

/** What a test may say of it; the rest is as if nobody had chosen anything. */
export interface MemoryOptions
  extends Partial<Omit<GatewayOptions, 'settings' | 'runtime' | 'transport'>> {
  readonly settings?: Parameters<typeof settingsWith>[0] | undefined
  readonly runtime?: FakeRuntime
  /** How upstreams answer; 200 unless said. */
  readonly upstream?: Answering
}

/** Opens a gateway over fakes. */
export async function openMemory(options: MemoryOptions = {}): Promise<MemoryGateway> {
  const { settings, runtime = fakeRuntime(), upstream = () => incoming(), ...parts } = options
  const transport = fakeTransport(upstream)
  const gateway = await createGateway({
    store: createMemoryStore(),
    kv: createMemoryKV(runtime),
    transport,
    runtime,
    settings: settingsWith(settings),
    ...parts,
  })
  return { gateway, runtime, transport, admin: (call, body) => askAdmin(gateway, call, body) }
}

async function askAdmin(gateway: Gateway, call: string, body: unknown): Promise<AdminAnswer> {
  const [method = '', path = ''] = call.split(' ')
  const headers = { 'content-type': 'application/json' }
  const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) }
  const request = new Request(`http://localhost:8001${path}`, { method, ...sent })
  const answer = await gateway.admin(request)
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
}
