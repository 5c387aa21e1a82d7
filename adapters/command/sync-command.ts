import { messageOf } from '../../src/lib/message-of.ts'
import { adminClient } from '../../src/sync/client.ts'
import { type Change, changesOf } from '../../src/sync/plan.ts'
import { lineOf, mask, reportJson, summarize, summaryText } from '../../src/sync/report.ts'
import { carryOut, dumpGateway, planFiles, type SyncOptions } from '../../src/sync/sync.ts'
import { SyncError } from '../../src/sync/sync-error.ts'
import type { Arguments } from './arguments.ts'
import { readSources } from './sync-files.ts'
import type { SyncPorts } from './sync-ports.ts'
import { createProgress, type Progress } from './sync-progress.ts'

type SyncName = 'sync' | 'diff' | 'dump'
type Flags = Arguments['flags']

/** Whether it is one of the commands that speak to a gateway. */
export function isSync(command: string): command is SyncName {
  return command === 'sync' || command === 'diff' || command === 'dump'
}

/** Carries out `sync`, `diff` or `dump`; resolves to decK's exit codes. */
export async function syncCommand(
  command: SyncName,
  { files, flags }: Pick<Arguments, 'files' | 'flags'>,
  ports: SyncPorts,
): Promise<number> {
  const progress = createProgress(ports)
  const run: Run = { flags, ports, progress, masked: [], changes: [], warnings: [] }
  try {
    const options = optionsFrom(flags, ports, progress)
    if (command === 'dump') return await dump(options, run)
    const sources = await readSources(files, ports, run.masked)
    const plan = await planFiles(sources, options)
    run.changes.push(...changesOf(plan))
    progress.end()
    if (!wants(flags, 'json-output'))
      await ports.out(run.changes.map((change) => `${lineOf(change, run.masked)}\n`).join(''))
    const isReal = command === 'sync' && !wants(flags, 'dry-run')
    if (isReal) run.warnings.push(...(await carryOut(plan, options)).warnings)
    await finish(run, [])
    return run.changes.length > 0 && wants(flags, 'non-zero-exit-code') ? 2 : 0
  } catch (error) {
    const problems = error instanceof SyncError ? error.problems : [messageOf(error)]
    await finish(run, problems)
    return 1
  }
}

interface Run {
  readonly flags: Flags
  readonly ports: SyncPorts
  readonly progress: Progress
  /** Values out of the environment, which are not printed. */
  readonly masked: string[]
  readonly changes: Change[]
  readonly warnings: string[]
}

async function dump(options: SyncOptions, { flags, ports, progress }: Run): Promise<number> {
  const { text, warnings } = await dumpGateway(options)
  progress.end()
  for (const warning of warnings) ports.err(`gibbon: warning: ${warning}\n`)
  const [file = '-'] = flags.get('output') ?? []
  if (file === '-') await ports.out(text)
  else ports.writeFile(file, text)
  return 0
}

async function finish(
  { flags, ports, progress, ...run }: Run,
  errors: readonly string[],
): Promise<void> {
  progress.end()
  if (wants(flags, 'json-output')) {
    await ports.out(reportJson(run.changes, { warnings: run.warnings, errors, masked: run.masked }))
    return
  }
  for (const warning of run.warnings) ports.err(`gibbon: warning: ${warning}\n`)
  for (const error of errors) ports.err(`gibbon: ${mask(error, run.masked)}\n`)
  if (errors.length === 0) await ports.out(summaryText(summarize(run.changes)))
}

function optionsFrom(flags: Flags, ports: SyncPorts, progress: Progress): SyncOptions {
  const [url = 'http://127.0.0.1:8001'] = flags.get('kong-addr') ?? []
  if (!/^https?:\/\/[^/]/.test(url) || !URL.canParse(url))
    throw new SyncError([`--kong-addr "${url}": write something like http://127.0.0.1:8001`])
  const [parallelism = '10'] = flags.get('parallelism') ?? []
  if (!/^[1-9]\d{0,2}$/.test(parallelism))
    throw new SyncError([`--parallelism "${parallelism}": write a number from 1 to 999`])
  return {
    client: adminClient({ url, headers: headersFrom(flags), fetch: ports.fetch }),
    selectTags: flags.get('select-tag') ?? [],
    newId: ports.newId,
    parallelism: Number(parallelism),
    progress: progress.tell,
  }
}

function headersFrom(flags: Flags): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const text of flags.get('headers') ?? []) {
    const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):\s*(.*)$/.exec(text) ?? []
    if (name === undefined || value === undefined)
      throw new SyncError([`--headers "${text}": write name:value`])
    headers[name.toLowerCase()] = value
  }
  const [token] = flags.get('kong-admin-token') ?? []
  return token === undefined ? headers : { ...headers, 'kong-admin-token': token }
}

function wants(flags: Flags, name: string): boolean {
  return flags.has(name)
}
