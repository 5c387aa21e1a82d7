import type { ConfigChange, Preview, Problem } from './config-preview.ts'

/** What a text would change, entity by entity, with the fields. */
export function ConfigDiff({ preview }: { preview: Preview }) {
  const { summary, changes } = preview
  if (changes.length === 0) return <p class="good">It is what the gateway has: nothing changes.</p>
  return (
    <>
      <p>
        <b class="good">{summary.creating} created</b>,{' '}
        <b class="warn">{summary.updating} changed</b>,{' '}
        <b class="bad">{summary.deleting} deleted</b>, against revision {preview.revision}.
      </p>
      <ul class="diff" aria-label="Changes">
        {changes.map((change) => (
          <Change key={`${change.action} ${change.table} ${change.id}`} change={change} />
        ))}
      </ul>
    </>
  )
}

const WORDS = { create: 'created', update: 'changed', delete: 'deleted' } as const
const MOODS = { create: 'good', update: 'warn', delete: 'bad' } as const

function Change({ change: { action, kind, name, fields } }: { change: ConfigChange }) {
  return (
    <li class="diff-item">
      <details open={action === 'update'}>
        <summary>
          <span class={MOODS[action]}>{WORDS[action]}</span> {kind} <b>{name}</b>
        </summary>
        <ul>
          {fields.map((field) => (
            <li key={field.path}>
              {field.path}: <Sides field={field} />
            </li>
          ))}
        </ul>
      </details>
    </li>
  )
}

function Sides({ field: { before, after } }: { field: ConfigChange['fields'][number] }) {
  if (before === undefined && after === undefined) return <span class="soft">changes (secret)</span>
  return (
    <>
      {before === undefined ? null : <del>{textOf(before)}</del>}
      {before === undefined || after === undefined ? null : ' → '}
      {after === undefined ? null : <ins>{textOf(after)}</ins>}
    </>
  )
}

const LONGEST = 200

function textOf(value: unknown): string {
  const text = JSON.stringify(value) ?? 'unset'
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

/** What is wrong with the text; a press leads to the line. */
export function Problems({
  problems,
  onLine,
}: {
  problems: readonly Problem[]
  onLine: (line: number) => void
}) {
  return (
    <ul>
      {problems.map(({ text, line }) => (
        <li key={text}>
          {line === undefined ? null : (
            <>
              <button type="button" class="link-button" onClick={() => onLine(line)}>
                Line {line}
              </button>
              :{' '}
            </>
          )}
          {text}
        </li>
      ))}
    </ul>
  )
}
