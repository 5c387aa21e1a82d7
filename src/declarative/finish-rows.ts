import { finishRow } from '../schema/finish.ts'
import type { Entry } from './entries.ts'
import { noteViolations } from './make-row.ts'

/** Rows in the last step of their making at a time: enough to keep a crypto pool busy. */
const AT_ONCE = 16

/** Takes the last step for each row that has one; the entries note what is refused. */
export async function finishRows(entries: readonly Entry[]): Promise<void> {
  const waiting = entries.filter(({ entity, row }) => entity.finish !== undefined && row)
  const work = waiting.values()
  const workers = Math.min(AT_ONCE, waiting.length)
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (const entry of work) await finishEntry(entry)
    }),
  )
}

async function finishEntry(entry: Entry): Promise<void> {
  const { entity, row, sent } = entry
  if (row === undefined) return
  try {
    entry.row = await finishRow(entity, row, { mode: 'declarative', sent })
  } catch (error) {
    noteViolations(entry, error)
  }
}
