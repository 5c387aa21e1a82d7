import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The config `workerd serve` reads: the proxy and the Admin API of one Worker, each on a socket of its own. */
export function workerdConfig({ proxy, admin, state, bindings }) {
  const texts = Object.entries(bindings).map(
    ([name, text]) => `(name = ${quoted(name)}, text = ${quoted(text)})`,
  )
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "gibbon", worker = .gibbon),
    (name = "state", disk = (path = ${quoted(state)}, writable = true)),
    # Upstreams may be on this machine and in private networks.
    (name = "internet", network = (
      allow = ["public", "private", "local"],
      tlsOptions = (trustBrowserCas = true)
    )),
  ],
  sockets = [
    (name = "proxy", address = ${quoted(proxy)}, http = (), service = "gibbon"),
    (name = "admin", address = ${quoted(admin)}, http = (), service = (name = "gibbon", entrypoint = "admin")),
  ]
);

const gibbon :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-10-01",
  compatibilityFlags = ["enable_request_signal"],
  durableObjectNamespaces = [(className = "GatewayState", uniqueKey = "gibbon-state", enableSql = true)],
  durableObjectStorage = (localDisk = "state"),
  bindings = [
    (name = "STATE", durableObjectNamespace = "GatewayState"),
    ${texts.join(',\n    ')}
  ]
);
`
}

/** The workerd binary, where npm put one. */
export function findWorkerd() {
  const arch = process.arch === 'arm64' && process.platform !== 'win32' ? 'arm64' : '64'
  for (const folder of ['../test/runtimes/', '../']) {
    const require = createRequire(new URL(`${folder}package.json`, import.meta.url))
    for (const name of [`@cloudflare/workerd-${process.platform}-${arch}`, 'workerd']) {
      try {
        const found = join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'workerd')
        if (existsSync(found)) return found
      } catch {
        // Not there: look in the next place.
      }
    }
  }
  return undefined
}

/** A text as Cap'n Proto writes it; what is no printable ASCII goes as its UTF-8 bytes. */
function quoted(text) {
  let result = ''
  for (const byte of new TextEncoder().encode(text)) {
    const char = String.fromCharCode(byte)
    const plain = byte >= 0x20 && byte < 0x7f && char !== '"' && char !== '\\'
    result += plain ? char : `\\x${byte.toString(16).padStart(2, '0')}`
  }
  return `"${result}"`
}
