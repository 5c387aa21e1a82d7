import { readFileSync } from 'node:fs'
import process from 'node:process'
import { parseDocument } from '../../src/declarative/parse.ts'
import { readDeclarative } from '../../src/declarative/read.ts'
import { allEntities } from '../../src/entities/all.ts'
import { contextOf } from '../../src/schema/context.ts'
import { EntityError } from '../../src/schema/entity-error.ts'
import { messageOf } from './sources.ts'

/** `gibbon check FILE`: says how many entities it has, or all that is wrong; 0 or 1. */
export function check(file: string): number {
  try {
    const rows = readDeclarative(parseDocument(readFileSync(file, 'utf8')), {
      entities: allEntities,
      context: contextOf({ now: Date.now, uuid: () => crypto.randomUUID() }),
    })
    const counts = Object.entries(rows).map(([table, { length }]) => `${length} ${table}`)
    process.stdout.write(`${file} is valid: ${counts.join(', ') || 'nothing in it'}\n`)
    return 0
  } catch (error) {
    process.stderr.write(`${file}: ${describeError(error)}\n`)
    return 1
  }
}

/** An error for a person: a bad config with each violation on a line of its own. */
export function describeError(error: unknown): string {
  if (!(error instanceof EntityError)) return messageOf(error)
  const lines = leaves(error.fields ?? {}, '')
  return lines.length === 0 ? error.message : ['the config has errors', ...lines].join('\n  ')
}

/** `services.1.port: expected an integer`, for each leaf of an error tree. */
function leaves(tree: unknown, path: string): string[] {
  if (typeof tree === 'string') return [path === '' ? tree : `${path}: ${tree}`]
  if (typeof tree !== 'object' || tree === null) return []
  const entries = Array.isArray(tree)
    ? tree.map((value, index) => [String(index + 1), value] as const)
    : Object.entries(tree)
  return entries.flatMap(([name, value]) => leaves(value, path === '' ? name : `${path}.${name}`))
}
