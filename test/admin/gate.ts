import type { Gateway } from '../../src/gateway.ts'
import { type MemoryOptions, openMemory } from '../open-memory.ts'
import type { Answering, FakeRuntime, FakeTransport } from '../proxy/fakes.ts'

/** A gateway in this process whose targets are a function. */
export interface Whole {
  readonly gateway: Gateway
  readonly runtime: FakeRuntime
  readonly transport: FakeTransport
  /** Asks the Admin API; a body goes out as JSON. */
  admin(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; text: string; body: Record<string, unknown> }>
  /** A request through the proxy, its answer read to the end. */
  get(path: string, headers?: Record<string, string>): Promise<Response>
}

/** Opens one with everything real but time, store and network. */
export async function openWhole(
  answering: Answering,
  chosen: MemoryOptions['settings'] = {},
): Promise<Whole> {
  const { gateway, runtime, transport } = await openMemory({
    upstream: answering,
    settings: chosen,
  })
  return {
    gateway,
    runtime,
    transport,
    async admin(method, path, body) {
      const headers = { 'content-type': 'application/json' }
      const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) }
      const request = new Request(`http://localhost:8001${path}`, { method, ...sent })
      const response = await gateway.admin(request)
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.includes('json') === true
      return { status: response.status, text, body: isJson ? JSON.parse(text) : {} }
    },
    async get(path, headers = {}) {
      const request = new Request(`http://localhost:8000${path}`, { headers })
      const response = await gateway.proxy(request)
      return new Response(await response.text(), response)
    },
  }
}
