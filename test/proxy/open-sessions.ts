import { allPlugins } from '../../src/plugins/all.ts'
import type { ClientTls } from '../../src/ports/server.ts'
import type { Dialled, StreamClient, StreamPlace } from '../../src/ports/stream.ts'
import { fakeFiles, fakeSockets, fakeSyslog } from '../logs/fake-outlets.ts'
import { writtenEntries } from '../logs/written-entries.ts'
import { type LuaOptions, openLua } from '../lua/open-lua.ts'

/** Two peers for the service of the stream route. */
export const TWO_PEERS = {
  upstreams: [{ name: 'db.test', targets: [{ target: '10.1.0.1:81' }, { target: '10.1.0.2:82' }] }],
}

/** What becomes of a session; times in milliseconds. */
interface Course {
  /** How many tries at a peer fail. */
  readonly failing?: number
  /** Until plugins let it in, at each try, and from then to its end. */
  readonly prereadTakes?: number
  readonly tryTakes?: number
  readonly lasts?: number
  /** How it was encrypted, where that was ended here. */
  readonly tls?: ClientTls
}

/** Opens a gateway with one stream route, and what its plugins wrote once it is closed. */
export async function openSessions(plugins: readonly object[], more: LuaOptions = {}) {
  const [files, sockets, syslog] = [fakeFiles(), fakeSockets(), fakeSyslog()]
  const db = {
    name: 'db',
    url: 'tcp://db.test:5432',
    routes: [
      { name: 'tcp', protocols: ['tcp', 'tls', 'udp'], destinations: [{ port: 9000 }], plugins },
    ],
  }
  const web = { name: 'web', url: 'http://echo.test', routes: [{ name: 'web', paths: ['/'] }] }
  const rig = await openLua({
    ...more,
    files,
    sockets,
    syslog,
    plugins: allPlugins,
    config: { services: [db, web], ...more.config },
  })
  const entries = async (): Promise<Record<string, unknown>[]> => {
    await rig.close()
    return writtenEntries({ sent: rig.transport.sent, files, sockets, syslog })
  }
  /** Has a client come, and go when it may come in; what it is told otherwise. */
  const come = async (
    given: Partial<StreamClient> = {},
    { failing = 0, prereadTakes = 0, tryTakes = 0, lasts = 0, tls }: Course = {},
  ): Promise<string | undefined> => {
    const { runtime } = rig
    let tries = 0
    const plan = rig.gateway.stream({
      protocol: 'tcp',
      source: { ip: '10.0.0.9', port: 4000 },
      destination: { ip: '10.0.0.1', port: 9000 },
      ...given,
    })
    if (plan === undefined) throw new Error('no route')
    const said = await plan.admit?.()
    runtime.time += prereadTakes
    const dial = async ({ host }: StreamPlace): Promise<Dialled<string>> => {
      runtime.time += tryTakes
      if (tries++ < failing) return { ok: false, failure: 'tcp', code: 'ECONNREFUSED' }
      return { ok: true, socket: host }
    }
    if (said === undefined) await plan.open(dial)
    runtime.time += lasts
    plan.ended?.({ received: 5, sent: 7, upstreamReceived: 7, upstreamSent: 5, tls })
    return said && new TextDecoder().decode(said)
  }
  return { ...rig, files, sockets, syslog, come, entries }
}
