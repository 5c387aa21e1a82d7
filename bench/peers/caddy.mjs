// Caddy as its users run it, with the same path, headers and targets; `caddy` has to be on the PATH.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runNative } from './native.mjs'

const [port, ...targets] = process.argv.slice(2).map(Number)
const { BENCH_CERT, BENCH_KEY } = process.env

const proxy = {
  handler: 'reverse_proxy',
  upstreams: targets.map((target) => ({ dial: `127.0.0.1:${target}` })),
  load_balancing: { selection_policy: { policy: 'round_robin' } },
  transport: { protocol: 'http', keep_alive: { max_idle_conns_per_host: 64 } },
  headers: {
    request: {
      set: {
        'X-Real-IP': ['{http.request.remote.host}'],
        'X-Forwarded-Port': [String(port)],
        'X-Forwarded-Path': ['{http.request.orig_uri.path}'],
        'X-Forwarded-Prefix': ['/mock'],
        'X-Request-Id': ['{http.request.uuid}'],
      },
    },
    response: { set: { 'X-Request-Id': ['{http.request.uuid}'] } },
  },
}
const routes = [
  {
    match: [{ path: ['/mock', '/mock/*'] }],
    handle: [{ handler: 'rewrite', strip_path_prefix: '/mock' }, proxy],
  },
]
const off = { disable: true }
const server = (at) => ({ listen: [`127.0.0.1:${at}`], routes, automatic_https: off })
const secure =
  BENCH_CERT === undefined
    ? undefined
    : { ...server(port + 50), tls_connection_policies: [{ fallback_sni: 'localhost' }] }
const config = {
  admin: { disabled: true },
  logging: { logs: { default: { level: 'ERROR' } } },
  apps: {
    http: { servers: { clear: server(port), ...(secure === undefined ? {} : { secure }) } },
    ...(secure === undefined
      ? {}
      : {
          tls: { certificates: { load_files: [{ certificate: BENCH_CERT, key: BENCH_KEY }] } },
        }),
  },
}

const folder = mkdtempSync(join(tmpdir(), 'gibbon-bench-caddy-'))
const file = join(folder, 'caddy.json')
writeFileSync(file, JSON.stringify(config))
await runNative('caddy', ['run', '--config', file], {
  port,
  folder,
  env: { XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
})
