import { type Applied, applyPlan } from './apply.ts'
import type { AdminClient } from './client.ts'
import { collectWanted } from './collect.ts'
import { joinContent, type SourceFile } from './content.ts'
import { readState, type State, schemaReader } from './current.ts'
import { type Dumped, dumpState } from './dump.ts'
import type { Pace } from './in-parallel.ts'
import { makePlan, type Plan } from './plan.ts'
import { resolve } from './resolve.ts'
import { SyncError } from './sync-error.ts'

/** What files are held against, and how. */
export interface SyncOptions extends Pace {
  readonly client: AdminClient
  /** Tags asked for beside the files' own. */
  readonly selectTags: readonly string[]
  readonly newId: () => string
}

/** Finds what a sync of the files would change; changes nothing. */
export async function planFiles(files: readonly SourceFile[], options: SyncOptions): Promise<Plan> {
  const content = joinContent(files)
  const wanted = collectWanted(content)
  const selectTags = chosenTags(content.selectTags, options.selectTags)
  const state = await readGateway(options.client, selectTags, options)
  const resolved = resolve(wanted, { state, selectTags, newId: options.newId })
  return makePlan(resolved, state, schemaReader(options.client))
}

/** Carries out what `planFiles` found. */
export function carryOut(plan: Plan, options: SyncOptions): Promise<Applied> {
  return applyPlan(options.client, plan, options)
}

/** What a gateway has, as a file that syncs back without a change. */
export async function dumpGateway(options: Omit<SyncOptions, 'newId'>): Promise<Dumped> {
  const { client, selectTags } = options
  const state = await readGateway(client, selectTags, options)
  return dumpState(state, schemaReader(client), selectTags)
}

async function readGateway(
  client: AdminClient,
  selectTags: readonly string[],
  pace: Pace,
): Promise<State> {
  const { version } = await client.expect('GET', '/')
  if (typeof version !== 'string')
    throw new SyncError(['GET / names no version; is this an Admin API?'])
  if (/^[0-2]\./.test(version))
    throw new SyncError([`the gateway is Kong ${version}; 3.0 or later is needed`])
  return readState(client, selectTags, pace)
}

/** Tags may be said in the files or on the command line, but not differently. */
function chosenTags(inFiles: readonly string[], asked: readonly string[]): readonly string[] {
  if (inFiles.length === 0 || asked.length === 0) return asked.length === 0 ? inFiles : asked
  const same = inFiles.length === asked.length && asked.every((tag) => inFiles.includes(tag))
  if (same) return inFiles
  const why = `the files say select_tags ${inFiles.join(', ')}, the command line ${asked.join(', ')}`
  throw new SyncError([`${why}; leave one of them out`])
}
