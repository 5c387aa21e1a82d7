import { closeSync, openSync } from 'node:fs'
import { isOwnLack } from '../../src/lib/own-lacks.ts'
import { IS_BUN } from './quirks.ts'

/** The system's word for it where this process can open nothing more. */
export function lackOfFiles(): string | undefined {
  try {
    closeSync(openSync('/dev/null', 'r'))
    return undefined
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return isOwnLack(code) ? code : undefined
  }
}

/**
 * Why a connection could not be had, or was lost, as a code. Bun says of one that there was no
 * file for that it was refused.
 */
export function lossCode(error: NodeJS.ErrnoException, otherwise = 'ECONNRESET'): string {
  const { code = otherwise } = error
  return IS_BUN && code === 'ECONNREFUSED' ? (lackOfFiles() ?? code) : code
}
