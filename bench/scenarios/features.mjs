import { document, service, upstream } from '../config.mjs'
import { load } from '../load/keep-alive.mjs'
import { get, openGet } from '../load/requests.mjs'
import { startGibbon, stop } from '../processes.mjs'
import { against, interleaved, markdown, of } from '../rounds.mjs'

const PASSIVE = {
  healthchecks: {
    passive: { healthy: { successes: 5 }, unhealthy: { http_failures: 5, tcp_failures: 2 } },
  },
}

const CACHED = { strategy: 'memory', content_type: ['application/json'], cache_ttl: 3600 }

/** What is set on an upstream and on its service; the first is what the others are compared with. */
const FEATURES = [
  { name: 'plain' },
  { name: 'plain again' },
  { name: 'passive checks', upstream: PASSIVE },
  {
    name: 'consistent-hashing by header',
    upstream: hashed({ hash_on: 'header', hash_on_header: 'cookie' }),
  },
  { name: 'consistent-hashing by address', upstream: hashed({ hash_on: 'ip' }) },
  { name: 'least-connections', upstream: { algorithm: 'least-connections' } },
  { name: 'latency', upstream: { algorithm: 'latency' } },
  { name: 'TLS to the target', service: { protocol: 'https' } },
  plugin('key-auth', {}, '&apikey=bench'),
  plugin('rate-limiting', { year: 1_000_000_000, policy: 'local' }),
  plugin('cors', { origins: ['http://bench.test'] }),
  plugin('correlation-id', {}),
  plugin('request-transformer', { add: { headers: ['x-added:1'] } }),
  { ...plugin('proxy-cache', CACHED), name: 'proxy-cache, a hit', request: openGet },
]

/** Gibbon against itself, in one process: what a feature adds to a plain request. */
export async function measure({ port, ports, rounds, ms, progress }) {
  const started = await startGibbon(port, { config: configuration(ports) })
  const candidates = FEATURES.map((feature, index) => ({ ...feature, index, ...started }))
  const ask = ({ index, request = get, query = '' }, time) =>
    load(port, {
      ms: time,
      length: 140,
      request: request(`/f${index}/anything?n=1${query}`),
    })
  // As many turns again: differences of a few microseconds are wanted.
  const measured = await interleaved(candidates, {
    rounds: rounds * 2 + 1,
    ms: ms / 2,
    ask,
    progress,
  })
  await stop(started)
  const table = markdown(
    ['feature', 'CPU µs a request', 'over plain, µs', 'p99 ms', 'failed'],
    measured.map((one) => [
      one.name,
      of(one, 'cpu', 1),
      against(one, measured[0], 'cpu', 1, (a, b) => a - b),
      of(one, 'p99', 2),
      one.failed,
    ]),
  )
  const text = `GET, 140 bytes, 64 keep-alive connections, one process on Node with a route for each; ${rounds * 2 + 1} rounds of half the time. "Plain again" is the same as plain: its difference is noise.\n\n${table}`
  return { title: 'What features add', text }
}

function configuration(ports) {
  const parts = FEATURES.map((feature, index) => {
    const name = `f${index}`
    const targets = feature.service?.protocol === 'https' ? ports.tls : ports.clear
    return {
      upstream: upstream(name, targets, feature.upstream),
      service: service(name, name, [`/${name}`], feature.service),
    }
  })
  const ready = service('ready', 'f0', ['/mock'])
  return {
    ...document(
      parts.map((part) => part.upstream),
      [ready, ...parts.map((part) => part.service)],
    ),
    consumers: [{ username: 'bench', keyauth_credentials: [{ key: 'bench' }] }],
  }
}

function plugin(name, config, query) {
  return { name, service: { plugins: [{ name, config }] }, query }
}

function hashed(by) {
  return { algorithm: 'consistent-hashing', ...by }
}
