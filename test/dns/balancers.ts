import { type Balancers, createBalancers } from '../../src/balancer/balancers.ts'
import { createKV } from '../balancer/world.ts'
import { fakeTransport, incoming } from '../proxy/fakes.ts'
import type { NamesWorld } from './world.ts'

/** Balancers that look names up in a world; a failed connection sets nobody aside. */
export function balancersOver({ runtime, names }: NamesWorld): Balancers {
  return createBalancers({
    runtime,
    names,
    kv: createKV(false),
    transport: fakeTransport(() => incoming()),
    connectBackoff: 0,
  })
}
