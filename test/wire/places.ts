import type { RuntimeName } from '../runtimes/start.ts'

/** Rows of Kong's table for the upstream path: service path, route path, strip_path. */
export const PATH_PLACES = {
  'a.paths': { service: '/api', route: '/u', strip: true },
  'b.paths': { service: '/api/', route: '/u', strip: true },
  'c.paths': { service: '/api/', route: '/u/', strip: true },
  'd.paths': { service: '/api', route: '/u/', strip: true },
  'e.paths': { service: '/api', route: '/u/', strip: false },
  'f.paths': { service: '/api', route: undefined, strip: true },
  'g.paths': { service: '/', route: '/u', strip: true },
  'h.paths': { service: '/api/', route: '/u', strip: false },
  'i.paths': { service: '/api', route: '/', strip: false },
  'j.paths': { service: '/api', route: '~/n/(?<id>\\d+)', strip: true },
  'k.paths': { service: '/', route: '/', strip: true },
} as const

/** The kong.yaml all cases are served by; every place is a host name. */
export function configOf(runtime: RuntimeName, port: number, closedPort: number): string {
  const services = [
    place('echo.test', `http://127.0.0.1:${port}`),
    place('name.test', `http://localhost:${port}`),
    place('pool.test', 'http://pool.upstream'),
    place('pool-ip.test', 'http://pool-ip.upstream'),
    place('empty.test', 'http://empty.upstream'),
    place('closed.test', `http://127.0.0.1:${closedPort}`, { retries: 0 }),
    place('nameless.test', 'http://no-such-name.invalid', { retries: 0 }),
    place('slow.test', `http://127.0.0.1:${port}`, { retries: 0, read_timeout: 20 }),
    place(
      'unbuffered.test',
      `http://127.0.0.1:${port}`,
      {},
      { request_buffering: false, response_buffering: false },
    ),
    ...[426, 301, 302, 307, 308].map((status) =>
      place(
        `https-${status}.test`,
        `http://127.0.0.1:${port}`,
        {},
        { protocols: ['https'], https_redirect_status_code: status },
      ),
    ),
    ...Object.entries(PATH_PLACES).map(([host, { service, route, strip }]) =>
      place(
        host,
        `http://127.0.0.1:${port}${service}`,
        {},
        { strip_path: strip, ...(route === undefined ? {} : { paths: [route] }) },
      ),
    ),
  ]
  const upstreams: object[] = [
    upstream('pool.upstream', `localhost:${port}`),
    upstream('pool-ip.upstream', `127.0.0.1:${port}`),
    { name: 'empty.upstream', targets: [] },
  ]
  // A Worker's fetch writes Host itself, so these are refused there when configured.
  if (runtime !== 'workerd') {
    services.push(
      place('keep.test', `http://127.0.0.1:${port}`, {}, { preserve_host: true }),
      place('hosted.test', 'http://hosted.upstream'),
    )
    upstreams.push({ ...upstream('hosted.upstream', `127.0.0.1:${port}`), host_header: 'own.test' })
  }
  const routes = [{ name: 'bare.test', hosts: ['bare.test'] }]
  // JSON is YAML.
  return JSON.stringify({ _format_version: '3.0', services, upstreams, routes })
}

function place(host: string, url: string, service: object = {}, route: object = {}): object {
  // Of two with and without a port in the route's hosts, only the one without takes any port.
  return {
    name: host,
    url,
    ...service,
    routes: [{ name: `${host}-route`, hosts: [host], ...route }],
  }
}

function upstream(name: string, target: string): object {
  return { name, targets: [{ target }] }
}
