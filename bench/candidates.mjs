// What is measured beside each other: Gibbon on each runtime that is here, and the peers that are installed.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findWorkerd } from '../scripts/workerd-config.mjs'
import { oneRoute } from './config.mjs'
import { forked, gibbonCommand, here, startGibbon, stop } from './processes.mjs'

const LUA = '/usr/lib/nginx/modules/ngx_http_lua_module.so'
const NGINX = '/usr/sbin/nginx'

/** Every candidate by its name; `start(port, targets)` resolves to a child and the pid whose CPU counts. */
const ALL = [
  gibbon('node'),
  gibbon('bun'),
  gibbon('deno'),
  peer('our transport alone', 'bare-transport', true),
  peer('nginx', 'nginx', existsSync(NGINX)),
  peer('nginx with Lua', 'nginx-lua', existsSync(LUA)),
  peer('Caddy', 'caddy', isOnPath('caddy')),
  peer('bare node:http', 'bare-node', true),
  peer('fast-gateway', 'fast-gateway', existsSync(here('node_modules/fast-gateway'))),
  peer('@fastify/http-proxy', 'fastify-http-proxy', existsSync(here('node_modules/@fastify'))),
  peer("Hono's proxy helper", 'hono-proxy', existsSync(here('node_modules/@hono'))),
]

/** The names of what is on workerd, in the order of their table. */
export const GIBBON_ON_WORKERD = 'gibbon on workerd'
export const FLOOR_ON_WORKERD = 'untouched fetch'

/** Those on workerd, which are asked for by name alone: nothing else costs what that runtime does. */
const ON_WORKERD = [
  peer(GIBBON_ON_WORKERD, 'workerd-gibbon', findWorkerd() !== undefined),
  peer(FLOOR_ON_WORKERD, 'workerd-fetch', findWorkerd() !== undefined),
]

/** The names of Gibbon everywhere and of both nginx: what most scenarios compare. */
export const GIBBONS = ['gibbon', 'gibbon on bun', 'gibbon on deno']
export const NATIVE = ['nginx', 'nginx with Lua']

/** Runs `work` with the candidates of these names (all that are no Worker without) started, and ends them. */
export async function withCandidates({ names, port, targets }, work) {
  const asked =
    names === undefined ? ALL : [...ALL, ...ON_WORKERD].filter(({ name }) => names.includes(name))
  const chosen = asked.filter((candidate) => candidate.here)
  const started = []
  try {
    for (const [index, { name, start }] of chosen.entries()) {
      const at = port + index
      started.push({ name, port: at, ...(await start(at, targets)) })
    }
    return await work(started)
  } finally {
    await Promise.all(started.map(stop))
  }
}

function gibbon(runtime) {
  return {
    name: runtime === 'node' ? 'gibbon' : `gibbon on ${runtime}`,
    here: gibbonCommand(runtime) !== undefined,
    start: (port, targets) => startGibbon(port, { runtime, config: oneRoute(targets) }),
  }
}

function isOnPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((dir) => existsSync(join(dir, command)))
}

function peer(name, file, present) {
  const start = (port, targets) => forked(here(`peers/${file}.mjs`), [port, ...targets])
  return { name, here: present, start }
}
