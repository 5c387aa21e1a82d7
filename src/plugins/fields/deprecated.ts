import type { Deprecation } from '../../schema/field.ts'

interface Said {
  /** In Kong's words, without the plugin's name. */
  readonly said: string
  /** The value it had when nobody set it; that one warns of nothing. */
  readonly old_default?: number | string
}

/** Says that a field of a plugin goes with Kong 4. */
export function deprecated(plugin: string, { said, old_default }: Said): Deprecation {
  return { message: `${plugin}: ${said}`, removal_in_version: '4.0', old_default }
}
