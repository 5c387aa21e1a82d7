import { nearest } from '../../src/schema/hint.ts'

/** What an error about an unknown flag says of the known one it was meant to be; nothing when none is near. */
export function meantFlag(flag: string, known: readonly string[]): string {
  const near = nearest(flag, known)
  return near === undefined ? '' : `, did you mean --${near}`
}

/** The flag of a setting, without its dashes. */
export function flagOf(setting: { readonly name: string }): string {
  return setting.name.replaceAll('_', '-')
}
