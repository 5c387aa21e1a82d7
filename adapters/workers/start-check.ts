import { messageOf } from '../../src/lib/message-of.ts'
import { ALL_SETTINGS } from '../../src/settings/all.ts'
import { flagOf, meantFlag } from '../command/meant-flag.ts'
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

const NAMES = ALL_SETTINGS.map(flagOf)

function unknownFlag(flag: string): string {
  return `unknown flag --${flag}${meantFlag(flag, NAMES)}; docs/settings.md lists them`
}
