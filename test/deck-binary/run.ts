import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What decK came to. */
export interface DeckRun {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the real decK against an Admin API, its input on stdin where there is any. */
export function runDeck(binary: string, words: readonly string[], input = ''): Promise<DeckRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, words, {
      env: { PATH: process.env.PATH ?? '', HOME: tmpdir(), DECK_ANALYTICS: 'off' },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
    child.stdin.end(input)
  })
}

/** Writes a file decK can be given, in a folder of its own. */
export function configFile(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'gibbon-deck-')), 'kong.yaml')
  writeFileSync(path, text)
  return path
}
