import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway.ts'
import { messageOf } from '../../src/lib/message-of.ts'
import type { LuaEngine } from '../../src/pdk/lua-engine.ts'
import type { Plugin } from '../../src/pdk/plugin.ts'
import { NO_CONNECTIONS } from '../../src/ports/connections.ts'
import type { Draining } from '../../src/ports/draining.ts'
import type { KV } from '../../src/ports/kv.ts'
import type { Resolver } from '../../src/ports/resolver.ts'
import type { Runtime } from '../../src/ports/runtime.ts'
import type { Store } from '../../src/ports/store.ts'
import type { Listen } from '../../src/settings/listen.ts'
import type { ReadSettings } from '../../src/settings/read.ts'
import { createHttpsResolver } from '../dns/https-resolver.ts'
import { parseServers } from '../dns/resolv-conf.ts'
import { createSystemResolver } from '../dns/system-resolver.ts'
import { loadFengari } from '../lua/fengari.ts'
import { managerPage } from '../manager/page.ts'
import { createSocketTransport } from '../node-http/transport.ts'
import { createNodeFiles } from '../sockets/files.ts'
import { createNodeSockets } from '../sockets/sockets.ts'
import { createLoggerSyslog } from '../sockets/syslog.ts'
import { configSource } from './config-source.ts'
import { readErrorTemplates } from './error-templates.ts'
import { ownClientCertificate, trustedBy } from './pem.ts'
import { openPorts, type Ports } from './ports.ts'
import { createReloader, type Reloader, UnservableFile } from './reload.ts'
import { keepTicking } from './ticking.ts'
import { type Watching, watchFile } from './watch.ts'

/** Settings that can be served. */
export type Read = Extract<ReadSettings, { ok: true }> & {
  /** Plugins of the user's own. */
  readonly plugins?: readonly Plugin[]
}

/** What serves until it is stopped. */
export interface Serving {
  /** Where the Manager listens; where other processes listen, that is not known here. */
  readonly manager?: readonly Listen[]
  /** Reads the kong.yaml again, if there is one. */
  reload(why: string): void
  /** Lets requests under way end, and what serves with them. */
  stop(): Promise<void>
}

/** What one process serves from, and its part among several. */
export interface ServeOptions {
  readonly store: Store
  readonly kv: KV
  /** Applies the kong.yaml before it serves. */
  readonly applies: boolean
  /** Looks after the kong.yaml from then on. */
  readonly watches: boolean
  /** The id to go by; a new one when undefined. */
  readonly nodeId: string | undefined
  /** Of all processes that serve together. */
  readonly draining?: Draining
  /** Calls back when another process has committed. */
  readonly onCommitted?: (listener: () => void) => void
}

/** Serves in this process; resolves when every port is open. */
export async function serve(runtime: Runtime, read: Read, options: ServeOptions): Promise<Serving> {
  const { process: chosen } = read
  const settings = { ...read.settings, errorTemplates: readErrorTemplates(chosen, runtime) }
  const { store, applies, watches, onCommitted } = options
  let ports: Ports | undefined
  const gateway = await createGateway({
    ...(await surroundings(runtime, { ...read, settings }, options)),
    connections: () => ports?.connections() ?? NO_CONNECTIONS,
  })
  const source = configSource(chosen)
  const reloader = source && watches ? createReloader(source, { gateway, runtime }) : undefined
  if (applies) await reloader?.start()

  const served = store.traits.shared ? askingFirst(gateway, runtime) : gateway
  ports = await openPorts(served, chosen, settings, runtime)
  const ticking = keepTicking(gateway, runtime)
  onCommitted?.(ticking.wake)
  // A configuration that was given as a text stays what it is.
  const rereader = source?.file === undefined ? undefined : reloader
  const watching = chosen.declarativeWatch ? follow(source?.file, rereader) : undefined
  return {
    manager: ports.manager,
    reload(why) {
      if (rereader === undefined) runtime.log('notice', `${why}: no kong.yaml to read again`)
      else runtime.background(rereader.reload(why))
    },
    async stop() {
      watching?.stop()
      ticking.stop()
      await ports?.stop(chosen.shutdownTimeout)
      await gateway.close()
    },
  }
}

function follow(file: string | undefined, reloader: Reloader | undefined): Watching | undefined {
  if (file === undefined || reloader === undefined) return undefined
  return watchFile(file, { onChange: () => reloader.reload('file changed', { onlyNew: true }) })
}

/** What the gateway is given of this process. */
async function surroundings(
  runtime: Runtime,
  read: Read,
  { store, kv, draining, nodeId }: ServeOptions,
): Promise<GatewayOptions> {
  const { process: chosen, settings, plugins = [] } = read
  const clientCertificate = await ownClientCertificate(chosen)
  const trusted = trustedBy(chosen)
  const lua = chosen.untrustedLua === 'sandbox' ? await loadLua(runtime) : undefined
  return {
    store,
    kv,
    transport: createSocketTransport(chosen.keepalive),
    runtime,
    settings,
    resolver: resolverOf(read),
    sockets: createNodeSockets(),
    files: createNodeFiles(),
    syslog: createLoggerSyslog(),
    plugins,
    manager: managerPage,
    ...(lua === undefined ? {} : { lua }),
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
    ...(trusted === undefined ? {} : { trusted }),
    ...(nodeId === undefined ? {} : { nodeId }),
    ...(draining === undefined ? {} : { draining }),
  }
}

/** The package is the user's to install. */
async function loadLua(runtime: Runtime): Promise<LuaEngine | undefined> {
  const lua = await loadFengari()
  if (lua === undefined) {
    runtime.log('warn', 'untrusted_lua is sandbox, and the package fengari is not installed')
  }
  return lua
}

/** The hosts file comes first even where names are asked for over HTTPS. */
function resolverOf({ settings, process: chosen }: Read): Resolver {
  const servers = parseServers(chosen.dnsResolver)
  const hostsFile = chosen.dnsHostsfile
  const system = createSystemResolver(servers.length > 0 ? { servers, hostsFile } : { hostsFile })
  const url = settings.dohUrl
  return url === undefined ? system : { ...system, ...createHttpsResolver({ url }) }
}

/** What keeps it from starting, each reason on a line of its own. */
export function reasonOf(error: unknown): string {
  const lines = error instanceof UnservableFile ? error.lines : []
  return [messageOf(error), ...lines].join('\n')
}

/** Where others write too, the Admin API first looks for what they did. */
function askingFirst(gateway: Gateway, runtime: Runtime): Gateway {
  return {
    ...gateway,
    async handleAdmin(request) {
      await gateway.tick(runtime.now())
      return gateway.handleAdmin(request)
    },
  }
}
