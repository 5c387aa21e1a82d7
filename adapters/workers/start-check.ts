import { messageOf } from '../../src/lib/message-of.ts'
import { nearest } from '../../src/schema/hint.ts'
import { ALL_SETTINGS } from '../../src/settings/all.ts'
import { readBindings } from './settings.ts'

/**
 * Why a Worker cannot start with these bindings, given partly by flags of these names, as a terminal
 * should hear it: a Worker itself only finds out when the first request is there. None where it can.
 */
export function startErrors(
  bindings: Readonly<Record<string, string>>,
  flags: readonly string[],
): string[] {
  const unknown = flags.filter((flag) => !NAMES.includes(flag)).map(unknownFlag)
  if (unknown.length > 0) return unknown
  try {
    readBindings(bindings)
    return []
  } catch (error) {
    return [messageOf(error)]
  }
}

const NAMES = ALL_SETTINGS.map(({ name }) => name.replaceAll('_', '-'))

function unknownFlag(flag: string): string {
  const near = nearest(flag, NAMES)
  const meant = near === undefined ? '' : `, did you mean --${near}`
  return `unknown flag --${flag}${meant}; docs/settings.md lists them`
}
