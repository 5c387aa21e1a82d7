import type { OpenSending, SendingPorts } from '../../src/lab/sending.ts'
import type { ClientRequest } from '../../src/ports/server.ts'
import { createForward } from '../../src/proxy/forward.ts'
import type { Plan } from '../../src/proxy/outgoing.ts'
import { readRequest } from '../../src/proxy/read-request.ts'
import { readSettings } from '../../src/settings/read.ts'
import type { Settings } from '../../src/settings/settings.ts'

/** Sends what the lab simulates by the gateway's own forwarding: its retries, budget and reports. */
export const openSending: OpenSending = (ports) => {
  const forward = createForward({ ...ports, settings: defaultSettings() })
  const planFor = plannerFor(ports)

  return async (headers) => {
    const result = await forward(planFor(headers))
    if (!result.ok) return result.status
    result.release()
    return result.incoming.status
  }
}

/** Without a limit on what an upstream is given at once: those who wait there would not be simulated. */
function defaultSettings(): Settings {
  const read = readSettings([])
  if (!read.ok) throw new Error(`Cannot simulate: ${read.errors.join('; ')}`)
  return read.settings
}

/** Makes plans as the proxy's handler does; between two requests only the headers differ. */
function plannerFor(ports: SendingPorts): (headers: readonly string[]) => Plan {
  const request: ClientRequest = {
    method: ports.method,
    target: '/',
    headers: ['Host', ports.upstream],
    httpVersion: '1.1',
    scheme: 'http',
    ip: '127.0.0.1',
    port: 1,
    localPort: 80,
    body: undefined,
    upgrade: false,
    gone: false,
    onGone() {},
  }
  const read = readRequest(request)
  if (read === undefined) throw new Error('Cannot read the request of a simulation')
  const asked = {
    read,
    origin: { ip: '127.0.0.1', trusted: false, proto: 'http', host: '', port: '80', path: '/' },
    match: { route: undefined, prefix: undefined, captures: undefined },
  }
  const service = serviceOf(ports)

  return (headers) => ({
    request: { ...request, headers: [...headers] },
    method: ports.method,
    asked,
    service,
    target: '/',
    headers: ['Host', ''],
    preservedHost: undefined,
    buffering: true,
  })
}

function serviceOf({
  upstream,
  attempts,
  connectTimeout,
  readTimeout,
}: SendingPorts): Plan['service'] {
  return {
    id: 'lab',
    name: 'lab',
    scheme: 'http',
    grpc: false,
    host: upstream,
    port: 80,
    path: null,
    attempts,
    connectTimeout,
    writeTimeout: readTimeout,
    readTimeout,
    tlsVerify: false,
    tlsVerifyDepth: undefined,
    ca: undefined,
    clientCertificate: undefined,
  }
}
