import { type FoundSecret, secretOfEnvironment } from '../lib/environment-vault.ts'
import { parseVaultReference, type VaultReference } from '../lib/vault-reference.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Row } from '../schema/entity.ts'
import { getOwn, isObject, type Rules, setOwn } from '../schema/field.ts'
import { isReference } from '../schema/reference.ts'

/** Puts secrets in the place of what refers to them. */
export interface Secrets {
  /** The text itself, or the secret it refers to; Kong: one that is not found is the empty text. */
  textOf(text: string): string
  /** What a reference refers to, or why there is nothing. */
  find(reference: VaultReference): FoundSecret
  /** The value as it is to be used: what its fields let be a reference is looked up. */
  resolve<T>(rules: Rules, value: T): T
}

/** Where secrets are looked for. */
export interface SecretPorts {
  /** The vaults there are, by their prefix. */
  readonly entities: {
    getBy(entity: string, field: string, value: string): Row | undefined
  }
  /** What its own vault, `env`, puts before each name. */
  readonly prefix?: unknown
  /** The environment's vault is the only one there is. */
  readonly runtime: Pick<Runtime, 'log' | 'environment'>
}

/** Resolves nothing: references stay as they are. */
export const NO_SECRETS: Secrets = {
  textOf: (text) => text,
  find: ({ vault }) => ({ reason: `could not find vault (${vault})` }),
  resolve: (_rules, value) => value,
}

/** Looks secrets up each time it is asked; whoever uses them keeps them. */
export function createSecrets({ entities, prefix, runtime }: SecretPorts): Secrets {
  const { environment } = runtime
  const find = (reference: VaultReference): FoundSecret => {
    if (reference.vault === 'env') return secretOfEnvironment(reference, prefix, environment)
    const row = entities.getBy('vaults', 'prefix', reference.vault)
    if (row?.name !== 'env') return { reason: `could not find vault (${reference.vault})` }
    const own = isObject(row.config) ? getOwn(row.config, 'prefix') : undefined
    return secretOfEnvironment(reference, own, environment)
  }
  const textOf = (text: string): string => {
    if (!isReference(text)) return text
    const parsed = parseVaultReference(text)
    const found = typeof parsed === 'string' ? { reason: parsed } : find(parsed)
    if ('secret' in found) return found.secret
    // Kong's words, which its users look for in the log.
    runtime.log('warn', `unable to resolve reference ${text} (${found.reason})`)
    return ''
  }

  return {
    textOf,
    find,
    // A change of texts for texts leaves the type as it is.
    resolve: <T>(rules: Rules, value: T) => resolved(rules, value, textOf) as T,
  }
}

/** The very same value where nothing in it is a reference. */
function resolved(rules: Rules, value: unknown, textOf: (text: string) => string): unknown {
  if (typeof value === 'string') return rules.referenceable === true ? textOf(value) : value
  if (Array.isArray(value)) {
    const { elements } = rules
    if (elements === undefined) return value
    const items = value.map((item) => resolved(elements, item, textOf))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  if (!isObject(value)) return value
  let changed: Record<string, unknown> | undefined
  for (const [name, member] of Object.entries(value)) {
    const inner = rules.fields === undefined ? rules.values : getOwn(rules.fields, name)
    if (inner === undefined) continue
    // A field's rules, or those of a map's values.
    const now = resolved(inner as Rules, member, textOf)
    if (now === member) continue
    changed ??= { ...value }
    setOwn(changed, name, now)
  }
  return changed ?? value
}
