import type { VaultReference } from './vault-reference.ts'

/** Gives a variable of the environment. */
export type Environment = (name: string) => string | undefined

/** A secret, or why there is none. */
export type FoundSecret = { readonly secret: string } | { readonly reason: string }

/** What a vault of the kind `env` has under a reference; `prefix` is what it was configured with. */
export function secretOfEnvironment(
  reference: VaultReference,
  prefix: unknown,
  environment: Environment | undefined,
): FoundSecret {
  const value = environment?.(variableOf(reference, usablePrefix(reference, prefix)))
  const found = value === undefined ? NO_VALUE : memberOf(value, reference.key)
  if ('secret' in found) return found
  return { reason: `could not get value from external vault (${found.reason})` }
}

const NO_VALUE: FoundSecret = { reason: 'no value found' }

/** Kong: what the reference says comes first, and counts for nothing where the vault's fields refuse it. */
function usablePrefix({ overrides }: VaultReference, configured: unknown): string {
  const prefix = overrides.get('prefix') ?? configured
  return typeof prefix === 'string' && /^[A-Za-z_-][A-Za-z0-9_-]*$/.test(prefix) ? prefix : ''
}

/** Kong: dashes are underscores there, small letters capitals, and version 2 is the one before. */
function variableOf({ resource, version }: VaultReference, prefix: string): string {
  const name = `${prefix}${resource}`.replaceAll('-', '_')
  const upper = name.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
  return version === 2 ? `${upper}_PREVIOUS` : upper
}

/** The member of a JSON object, or the whole. */
function memberOf(text: string, key: string | undefined): FoundSecret {
  if (key === undefined) return { secret: text }
  const value = parsed(text)
  const wrong = (reason: string) => ({ reason: `could not get subfield value: ${reason}` })
  if (typeof value !== 'object' || value === null) return wrong('unable to json decode value')
  const isMember = !Array.isArray(value) && Object.hasOwn(value, key)
  const member: unknown = isMember ? Reflect.get(value, key) : undefined
  if (member === undefined) return wrong(`subfield ${key} not found in JSON secret`)
  if (typeof member === 'string') return { secret: member }
  return wrong(`unexpected ${luaType(member)} value in JSON secret for subfield ${key}`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function luaType(value: unknown): string {
  if (value === null) return 'userdata'
  return typeof value === 'object' ? 'table' : typeof value
}
