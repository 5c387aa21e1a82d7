import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseDocument } from '../../src/declarative/parse.ts'
import { messageOf } from '../../src/lib/message-of.ts'
import { EntityError } from '../../src/schema/entity-error.ts'
import type { SourceFile } from '../../src/sync/content.ts'
import { renderEnvironment } from '../../src/sync/environment.ts'
import { SyncError } from '../../src/sync/sync-error.ts'
import type { SyncPorts } from './sync-ports.ts'

/** A gateway of tens of thousands of entities. */
const LIMITS = { size: 100 * 1024 * 1024, depth: 64 }

/** Reads files and folders, `-` being standard input; what came of the environment is `masked`. */
export async function readSources(
  names: readonly string[],
  ports: Pick<SyncPorts, 'environment' | 'readInput'>,
  masked: string[],
): Promise<readonly SourceFile[]> {
  const problems: string[] = []
  const files: SourceFile[] = []
  for (const name of names) {
    try {
      for (const file of filesOf(name)) files.push(await readSource(file, ports, masked))
    } catch (error) {
      problems.push(...reasonsOf(error, name))
    }
  }
  if (problems.length > 0) throw new SyncError(problems)
  return files
}

function reasonsOf(error: unknown, name: string): readonly string[] {
  const reasons = error instanceof SyncError ? error.problems : [reasonOf(error)]
  return reasons.map((reason) => (reason.startsWith(name) ? reason : `${name}: ${reason}`))
}

function filesOf(name: string): readonly string[] {
  if (name === '-' || !statSync(name).isDirectory()) return [name]
  const found = readdirSync(name, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ya?ml|json)$/.test(file))
    .sort()
    .map((file) => join(name, file))
  if (found.length === 0) throw new SyncError([`${name} has no .yaml, .yml or .json in it`])
  return found
}

async function readSource(
  name: string,
  { environment, readInput }: Pick<SyncPorts, 'environment' | 'readInput'>,
  masked: string[],
): Promise<SourceFile> {
  const text = name === '-' ? await readInput() : readFileSync(name, 'utf8')
  try {
    const rendered = renderEnvironment(text, environment)
    masked.push(...rendered.values)
    return { name, document: parseDocument(rendered.text, LIMITS) }
  } catch (error) {
    throw new SyncError(reasonsOf(error, name))
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof EntityError) {
    const said = error.fields?.error
    return typeof said === 'string' ? said : error.message
  }
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
  return isMissing ? 'there is no such file' : messageOf(error)
}
