import { kindOf } from '../kinds.ts'
import { linkTo } from '../location.ts'
import { Button } from '../parts/button.tsx'
import { TimeAgo } from '../parts/time-ago.tsx'

/** What one commit did, as `GET /revisions` tells it. */
export interface Revision {
  readonly revision: number
  /** Seconds since 1970. */
  readonly at: number
  readonly by: string | null
  readonly count: number
  readonly changes: readonly RevisionChange[]
}

interface RevisionChange {
  readonly entity: string
  readonly id: string
  readonly name?: string
  readonly kind: 'created' | 'updated' | 'deleted'
}

/** So many changes are shown at once. */
const SHOWN = 5

/** One revision: when, by whom, what; and the way back to it. */
export function RevisionItem({
  revision,
  current,
  onRestore,
}: {
  revision: Revision
  current: boolean
  onRestore: () => void
}) {
  const { changes, count } = revision
  return (
    <li class="diff-item">
      <div class="title-line">
        <b>Revision {revision.revision}</b>
        <span class="soft">
          <TimeAgo at={revision.at} /> · {revision.by ?? 'not told by whom'}
        </span>
        <div class="actions">
          {current ? (
            <span class="soft">current</span>
          ) : (
            <Button
              label={`Go back to revision ${revision.revision}`}
              disabled={changes.length === 0 && count > 0}
              onClick={onRestore}
            >
              Go Back
            </Button>
          )}
        </div>
      </div>
      {changes.length === 0 ? <span class="soft">{count} changes, too many to be kept</span> : null}
      <Changes changes={changes.slice(0, SHOWN)} />
      <More changes={changes.slice(SHOWN)} />
    </li>
  )
}

function More({ changes }: { changes: readonly RevisionChange[] }) {
  if (changes.length === 0) return null
  return (
    <details>
      <summary>{changes.length} more</summary>
      <Changes changes={changes} />
    </details>
  )
}

function Changes({ changes }: { changes: readonly RevisionChange[] }) {
  return (
    <ul>
      {changes.map((change) => (
        <li key={`${change.entity} ${change.id}`}>
          <span class={MOODS[change.kind]}>{change.kind}</span> {change.entity.replaceAll('_', ' ')}{' '}
          <Name change={change} />
        </li>
      ))}
    </ul>
  )
}

const MOODS = { created: 'good', updated: 'warn', deleted: 'bad' } as const

function Name({ change: { entity, id, name, kind } }: { change: RevisionChange }) {
  const page = kindOf(entity.replaceAll('key_sets', 'key-sets'))
  const text = name ?? id
  if (page === undefined || kind === 'deleted') return <b>{text}</b>
  return <a href={linkTo([page.path, id])}>{text}</a>
}
