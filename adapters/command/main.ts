import process from 'node:process'
import { allPlugins } from '../../src/plugins/all.ts'
import { pluginFiles } from '../../src/settings/plugin-names.ts'
import { parseArguments } from './arguments.ts'
import { check } from './check.ts'
import { explainCommand } from './explain.ts'
import { commandText, helpText, pluginsText, settingsText, versionText } from './help.ts'
import { loadOwnPlugins } from './own-plugins.ts'
import { simulateCommand } from './simulate.ts'
import { simulatePorts } from './simulate-ports.ts'
import { settingsFrom } from './sources.ts'
import { start } from './start.ts'
import { isSync, syncCommand } from './sync-command.ts'
import { processPorts } from './sync-ports.ts'
import { isWorker } from './workers-member.ts'

/** Carries out a command line on Node, Bun or Deno; resolves to the exit code when there is one. */
export async function main(
  runtimeName: string,
  words: readonly string[],
): Promise<number | undefined> {
  const asked = parseArguments(words)
  if ('error' in asked) return failed([asked.error])
  if (asked.command === 'help') return said(commandText(asked.file) ?? helpText())
  if (asked.command === 'version') return said(versionText())
  if (asked.command === 'settings') return said(settingsText())
  if (asked.command === 'plugins') return said(pluginsText(allPlugins))
  if (asked.command === 'simulate') return simulateCommand(asked, simulatePorts())
  if (asked.command === 'explain') return explainCommand(asked, processPorts())
  if (isSync(asked.command)) return syncCommand(asked.command, asked, processPorts())

  const { read, warnings } = settingsFrom(asked, process.env)
  const told = isWorker() ? [] : warnings
  for (const warning of told) process.stderr.write(`gibbon: warning: ${warning}\n`)
  if (!read.ok) return failed(read.errors)
  const own = await loadOwnPlugins(pluginFiles(read.settings.shown))
  if (!own.ok) return failed(own.errors)
  const { plugins } = own
  if (asked.command === 'check') return check(asked.file ?? '', read.settings, plugins)
  return start(runtimeName, { ...read, plugins })
}

function said(text: string): number {
  process.stdout.write(text)
  return 0
}

function failed(errors: readonly string[]): number {
  for (const error of errors) process.stderr.write(`gibbon: ${error}\n`)
  return 1
}
