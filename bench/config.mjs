// The declarative configurations that are measured, as plain objects; JSON is what is written of them.

/** The ports of the targets in the clear, and of the same over TLS. */
export const targetPorts = (first) => ({
  clear: [first + 190, first + 191],
  tls: [first + 192, first + 193],
})

/** One route, `/mock`, to an upstream of these targets. */
export function oneRoute(targets) {
  return document([upstream('bench', targets)], [service('bench', 'bench', ['/mock'])])
}

/** An upstream of targets on loopback. */
export function upstream(name, targets, more = {}) {
  return { name, ...more, targets: targets.map((port) => ({ target: `127.0.0.1:${port}` })) }
}

/** A service before an upstream, with one route of these paths. */
export function service(name, host, paths, more = {}) {
  return { name, host, routes: [{ name, paths }], ...more }
}

/** A whole configuration. */
export function document(upstreams, services) {
  return { _format_version: '3.0', upstreams, services }
}

/** A number of routes, each of a host and a path of its own, fifty to a service. */
export function manyRoutes(count, targets) {
  const services = Array.from({ length: Math.ceil(count / 50) }, (_, at) => ({
    name: `s${at}`,
    host: 'bench',
    routes: Array.from({ length: Math.min(50, count - at * 50) }, (_, place) =>
      routeOf(at * 50 + place),
    ),
  }))
  const ready = service('ready', 'bench', ['/mock'])
  return document([upstream('bench', targets)], [ready, ...services])
}

/** The request target and host that only the route of this number takes. */
export function askFor(number) {
  return { path: `/api/v1/r${number}/items/42`, host: `h${number}.bench.test` }
}

/** The same configuration as YAML: maps and lists of words, as people and exports write it. */
export function yamlOf(value, indent = '') {
  if (Array.isArray(value)) {
    return value.map((item) => `${indent}- ${yamlOf(item, `${indent}  `).trimStart()}`).join('')
  }
  if (typeof value !== 'object' || value === null) return `${indent}${value}\n`
  return Object.entries(value)
    .map(([key, inner]) => {
      if (typeof inner !== 'object') return `${indent}${key}: ${quoted(inner)}\n`
      // Lists as decK writes them: no deeper than their name.
      return `${indent}${key}:\n${yamlOf(inner, Array.isArray(inner) ? indent : `${indent}  `)}`
    })
    .join('')
}

function quoted(value) {
  return typeof value === 'string' && /^[\d.]+$/.test(value) ? `"${value}"` : value
}

function routeOf(number) {
  const { path, host } = askFor(number)
  return { name: `r${number}`, hosts: [host], paths: [path.slice(0, path.indexOf('/items'))] }
}
