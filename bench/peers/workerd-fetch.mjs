// The floor on workerd: a Worker that hands each request to `fetch` and returns what comes, looking at neither.
import { startWorkerd } from './workerd-start.mjs'

const [port, ...targets] = process.argv.slice(2).map(Number)

await startWorkerd(port, {
  code: `const targets = ${JSON.stringify(targets.map((target) => `http://127.0.0.1:${target}`))}
let turn = 0

export default {
  fetch(request) {
    const { url } = request
    const target = targets[turn++ % targets.length]
    // What follows the route's path, as the gateway strips it.
    return fetch(target + url.slice(url.indexOf('/mock') + '/mock'.length), request)
  },
}
`,
  config: () => `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "floor", worker = .floor),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [(name = "proxy", address = "127.0.0.1:${port}", http = (), service = "floor")]
);

const floor :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-10-01"
);
`,
})
