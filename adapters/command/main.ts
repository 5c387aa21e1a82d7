import { parseArguments } from './arguments.ts'
import { check } from './check.ts'
import { helpText, settingsText, versionText } from './help.ts'
import { settingsFrom } from './sources.ts'
import { start } from './start.ts'

/** Carries out a command line on Node, Bun or Deno; resolves to the exit code when there is one. */
export async function main(
  runtimeName: string,
  words: readonly string[],
): Promise<number | undefined> {
  const asked = parseArguments(words)
  if ('error' in asked) return failed([asked.error])
  if (asked.command === 'help') return said(helpText())
  if (asked.command === 'version') return said(versionText())
  if (asked.command === 'settings') return said(settingsText())
  if (asked.command === 'check') return check(asked.file ?? '')

  const { read, warnings } = settingsFrom(asked, process.env)
  for (const warning of warnings) process.stderr.write(`gibbon: warning: ${warning}\n`)
  return read.ok ? start(runtimeName, read) : failed(read.errors)
}

function said(text: string): number {
  process.stdout.write(text)
  return 0
}

function failed(errors: readonly string[]): number {
  for (const error of errors) process.stderr.write(`gibbon: ${error}\n`)
  return 1
}
