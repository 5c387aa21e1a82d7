import { ask, type Got, json } from '../blackbox/client.ts'
import { type RunningGateway, type RuntimeName, startGateway } from '../runtimes/start.ts'
import { connectTo, type RawClient } from './raw-client.ts'
import { type Script, type ScriptedTarget, startScriptedTarget } from './scripted-target.ts'

/** Some targets behind a route of their own. */
export interface Pool {
  /** The Host that leads there. */
  readonly host: string
  readonly targets: readonly ScriptedTarget[]
  /** Each target's health as the gateway sees it. */
  health(): Promise<string[]>
}

/** How a pool is to be. */
export interface PoolOptions {
  readonly scripts: readonly Script[]
  readonly service?: object
  readonly healthchecks?: object
}

/** One gateway, and pools behind it. */
export interface Pools {
  readonly gateway: RunningGateway
  open(options: PoolOptions): Promise<Pool>
  connect(): Promise<RawClient>
  stop(): Promise<void>
}

/** Starts a gateway on which pools can be opened. */
export async function startPools(runtime: RuntimeName): Promise<Pools> {
  const gateway = await startGateway(runtime, {})
  const targets: ScriptedTarget[] = []
  const clients: RawClient[] = []
  let pools = 0
  const admin = async (path: string, options = {}): Promise<Got> => {
    const got = await ask(`${gateway.adminUrl}${path}`, options)
    if (got.status >= 400) throw new Error(`${path}: ${got.status} ${got.body}`)
    return got
  }

  return {
    gateway,
    async open({ scripts, service = {}, healthchecks = {} }) {
      const name = `pool-${pools++}`
      const opened = await Promise.all(scripts.map(() => startScriptedTarget()))
      targets.push(...opened)
      await admin('/upstreams', json({ name, healthchecks }))
      for (const [n, target] of opened.entries()) {
        target.script = scripts[n] ?? target.script
        const address = json({ target: `127.0.0.1:${target.port}` })
        await admin(`/upstreams/${name}/targets`, address)
      }
      await admin('/services', json({ name, host: name, ...service }))
      await admin(`/services/${name}/routes`, json({ hosts: [`${name}.test`] }))
      return { host: `${name}.test`, targets: opened, health: () => healthOf(admin, name) }
    },
    async connect() {
      const client = await connectTo(gateway.proxyPort)
      clients.push(client)
      return client
    },
    async stop() {
      for (const client of clients) client.leave()
      await Promise.all([gateway.stop(), ...targets.map((target) => target.close())])
    },
  }
}

async function healthOf(admin: (path: string) => Promise<Got>, name: string): Promise<string[]> {
  const { data } = JSON.parse((await admin(`/upstreams/${name}/health`)).body)
  return data.map((row: { readonly health: string }) => row.health)
}
