import { env, waitUntil } from 'cloudflare:workers'
import { createGateway, type Gateway } from '../../src/gateway.ts'
import { managerPage } from '../manager/page.ts'
import type { StateRef } from './gateway-state.ts'
import { createDurableKV } from './kv.ts'
import { readBindings, type WorkersSettings } from './settings.ts'
import { createDurableStore } from './store.ts'
import { surroundings } from './surroundings.ts'

/** How old this isolate's config may be while requests come, in ms. */
const FRESH = 1000

/** A catching-up that takes longer than this is taken for lost, in ms. */
const PATIENCE = 10_000

/** A Durable Object namespace, as far as it is used. */
interface StateNamespace {
  getByName(name: string): StateRef
}

// What requests share is plain memory. Stubs, timers and streams belong to the request that made
// them, so every call asks for its own.
let known: WorkersSettings | undefined
let running: Gateway | undefined
let starting: Promise<Gateway> | undefined
let freshAt = 0
let catchingUpSince: number | undefined

/** The settings from the bindings, read once. */
export function isolateSettings(): WorkersSettings {
  known ??= readBindings(env)
  return known
}

/** The Durable Object, on behalf of the request that is being served now. */
function stateRef(): StateRef {
  // wrangler.toml and the workerd config bind this name to GatewayState's namespace.
  const namespace = env.STATE as StateNamespace | undefined
  if (namespace === undefined) throw new Error('Cannot find the Durable Object binding "STATE"')
  return namespace.getByName('gateway')
}

/**
 * Calls the Durable Object. Where requests wait for each other, one's call may run inside another:
 * `waitUntil` keeps whoever runs it until it is done, or the one that waits would wait for ever.
 */
function callState<T>(call: (state: StateRef) => Promise<T>): Promise<T> {
  const made = call(stateRef())
  waitUntil(made.catch(() => {}))
  return made
}

/** This isolate's gateway once it is loaded: there is nothing to wait for then. */
export function loadedGateway(): Gateway | undefined {
  return running
}

/** This isolate's gateway, loaded by the first request. */
export async function isolateGateway(): Promise<Gateway> {
  if (running !== undefined) return running
  if (starting === undefined) {
    starting = open()
    // The first client may leave; those that wait for the same load must not be left hanging.
    waitUntil(starting.catch(() => {}))
  }
  return starting
}

async function open(): Promise<Gateway> {
  try {
    const settings = isolateSettings()
    freshAt = Date.now()
    running = await createGateway({
      ...surroundings(settings),
      store: createDurableStore(callState),
      kv: createDurableKV(callState),
      probing: false,
      manager: managerPage,
    })
    return running
  } finally {
    starting = undefined
  }
}

/** Catches up with what other isolates did, at most once a second and beside the request. */
export function keepFresh(gateway: Gateway): void {
  const now = Date.now()
  if (now - freshAt < FRESH) return
  if (catchingUpSince !== undefined && now - catchingUpSince < PATIENCE) return
  waitUntil(catchUp(gateway))
}

/** Catches up now; when the Durable Object is away, serving goes on with what is known. */
export async function catchUp(gateway: Gateway): Promise<void> {
  const now = Date.now()
  catchingUpSince = now
  freshAt = now
  try {
    await gateway.tick(now)
  } catch (error) {
    console.error('Cannot catch up with the Durable Object, serving what is known', error)
  } finally {
    catchingUpSince = undefined
  }
}
