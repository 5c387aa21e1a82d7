import { ApiError, callWhole } from './api.ts'
import { pageChanged } from './loading.ts'
import { announce } from './parts/toast.tsx'

/** Says what was done; with the revision that it made comes a button that goes back to the one before. */
export function undoable(text: string, revision: number | undefined): void {
  if (revision === undefined || revision < 2) announce(text)
  else announce(text, { action: { label: 'Undo', run: () => void undo(revision) } })
}

/** Only what came last can be undone: going back further would undo others' changes as well. */
async function undo(revision: number): Promise<void> {
  try {
    const { revision: current } = await callWhole('GET', '/revisions')
    if (current !== revision) {
      return announce('Something else was changed since; see History to go back', { kind: 'bad' })
    }
    await callWhole('POST', `/revisions/${revision - 1}/restore`)
    announce('Undone')
    pageChanged()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    announce(`Cannot undo: ${error.message}`, { kind: 'bad' })
  }
}
