import type { RunningGateway } from '../runtimes/start.ts'
import { type Ask, ask, type Got, json } from './client.ts'
import type { Target } from './target.ts'

/** An upstream behind a path of its own. */
export interface Balanced {
  readonly name: string
  /** What leads there through the proxy. */
  readonly url: string
  /** Asks the Admin API; throws for anything but success. */
  admin(path: string, options?: Ask): Promise<Got>
  /** Changes one of its targets. */
  patch(target: Target, change: object): Promise<Got>
  /** Each target's health as the gateway sees it, in the targets' order. */
  health(): Promise<string[]>
}

/** How it is to be. */
export interface BalancedOptions {
  readonly targets: readonly Target[]
  readonly weights?: readonly number[]
  /** Fields of the upstream. */
  readonly upstream?: object
  readonly service?: object
}

let opened = 0

/** Puts an upstream of some targets, a service and a route into a gateway. */
export async function openBalanced(
  gateway: RunningGateway,
  { targets, weights = [], upstream = {}, service = {} }: BalancedOptions,
): Promise<Balanced> {
  const name = `balanced-${opened++}`
  const admin = async (path: string, options: Ask = {}): Promise<Got> => {
    const got = await ask(`${gateway.adminUrl}${path}`, options)
    if (got.status >= 400) throw new Error(`${path}: ${got.status} ${got.body}`)
    return got
  }
  await admin('/upstreams', json({ name, ...upstream }))
  for (const [n, target] of targets.entries()) {
    const weight = weights[n] ?? 100
    await admin(`/upstreams/${name}/targets`, json({ target: addressOf(target), weight }))
  }
  await admin('/services', json({ name, host: name, ...service }))
  await admin(`/services/${name}/routes`, json({ name, paths: [`/${name}`] }))
  return {
    name,
    url: `${gateway.proxyUrl}/${name}/`,
    admin,
    patch: (target, change) =>
      admin(`/upstreams/${name}/targets/${addressOf(target)}`, json(change, 'PATCH')),
    async health() {
      const { data } = JSON.parse((await admin(`/upstreams/${name}/health`)).body)
      const rows: { readonly target: string; readonly health: string }[] = data
      return targets.map((one) => `${rows.find((row) => row.target === addressOf(one))?.health}`)
    },
  }
}

/** A target as an upstream names it. */
export function addressOf({ port }: Target): string {
  return `127.0.0.1:${port}`
}
