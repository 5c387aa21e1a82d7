import { type Environment, secretOfEnvironment } from '../lib/environment-vault.ts'
import { parseVaultReference } from '../lib/vault-reference.ts'

/** Sources without references, and each that could not be looked up. */
export interface Dereferenced {
  readonly sources: readonly ReadonlyMap<string, string>[]
  readonly errors: readonly string[]
}

/** The settings' references replaced by what the environment has for them; vaults are not known yet. */
export function dereference(
  given: readonly ReadonlyMap<string, string>[],
  environment: Environment,
): Dereferenced {
  const prefix = given.find((source) => source.has('vault_env_prefix'))?.get('vault_env_prefix')
  const errors: string[] = []
  const textFor = (name: string, text: string): string => {
    if (!text.startsWith('{vault://') || !text.endsWith('}')) return text
    const reference = parseVaultReference(text)
    const found =
      typeof reference === 'string'
        ? { reason: reference }
        : reference.vault === 'env'
          ? secretOfEnvironment(reference, prefix, environment)
          : { reason: `could not find vault (${reference.vault})` }
    if ('secret' in found) return found.secret
    // Kong's words.
    errors.push(`failed to dereference '${text}': ${found.reason} for config option '${name}'`)
    return text
  }
  const sources = given.map((source) => {
    return new Map(Array.from(source, ([name, text]) => [name, textFor(name, text.trim())]))
  })
  return { sources, errors }
}
