import { readFileSync } from 'node:fs'
import { messageOf } from '../../src/lib/message-of.ts'

/** The text of a kong.yaml; throws one clear line when it cannot be had. */
export function readConfigFile(file: string): string {
  try {
    // A mark that some editors put in front is no part of the text.
    return readFileSync(file, 'utf8').replace(/^\ufeff/, '')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw new Error(`cannot read ${file}: ${REASONS[code] ?? messageOf(error)}`)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'not allowed',
  EISDIR: 'it is a folder',
}
