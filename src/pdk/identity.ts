import { toByteString } from '../lib/byte-string.ts'
import type { Consumer, Credential, Exchange } from './exchange.ts'
import type { Entities } from './kit.ts'

/** Who was found to ask. */
export interface Identity {
  readonly consumer: Consumer | undefined
  readonly credential: Credential | undefined
  /** What the upstream is told of the credential: `X-Credential-Identifier`. */
  readonly identifier: string | undefined
}

/** What tells an upstream who asks. */
const TOLD = new Set([
  'x-consumer-id',
  'x-consumer-custom-id',
  'x-consumer-username',
  'x-credential-identifier',
  'x-anonymous-consumer',
])

/** Says who asks, and tells the upstream. What a client claimed of it never passes. */
export function identify(exchange: Exchange, { consumer, credential, identifier }: Identity): void {
  const told: string[] = []
  tell(told, 'X-Consumer-ID', consumer?.id)
  tell(told, 'X-Consumer-Custom-ID', consumer?.custom_id)
  tell(told, 'X-Consumer-Username', consumer?.username)
  tell(told, 'X-Credential-Identifier', identifier)
  if (credential === undefined) told.push('X-Anonymous-Consumer', 'true')
  exchange.upstream.headers.swap(TOLD, told)
  exchange.client.authenticate(consumer, credential)
}

function tell(told: string[], name: string, value: string | null | undefined): void {
  if (value !== undefined && value !== null) told.push(name, toByteString(value))
}

/** The consumer that stands for whoever is nobody: by id or by username; undefined when there is none. */
export function anonymousConsumer(entities: Entities, named: string): Consumer | undefined {
  return entities.get('consumers', named) ?? entities.getBy('consumers', 'username', named)
}

const GROUPS = 'authenticated_groups'

/** The groups somebody was told to be in by who knows them, no table of ours; undefined when nobody told. */
export function authenticatedGroups({ shared }: Exchange): readonly string[] | undefined {
  const groups = shared.get(GROUPS)
  if (!Array.isArray(groups)) return undefined
  return groups.filter((group) => typeof group === 'string')
}

/** Tells them; plugins of one's own do it by `exchange.shared` too, under Kong's name. */
export function setAuthenticatedGroups({ shared }: Exchange, groups: readonly string[]): void {
  shared.set(GROUPS, groups)
}
