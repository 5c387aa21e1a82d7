import { isRecord } from '../api.ts'
import { Cell } from './cell.tsx'
import { Tags } from './tags.tsx'
import { wordsOf } from './words.ts'

/** A row as words and values; what is nested stands under its own heading. */
export function Facts({ row }: { row: Readonly<Record<string, unknown>> }) {
  const flat = Object.entries(row).filter(([, value]) => !isGroup(value))
  const groups = Object.entries(row).filter((pair): pair is [string, Group] => isGroup(pair[1]))
  return (
    <>
      <dl class="facts">
        {flat.map(([field, value]) => (
          <Fact key={field} field={field} value={value} />
        ))}
      </dl>
      {groups.map(([field, value]) => (
        <section key={field} class="group">
          <h3>{wordsOf(field)}</h3>
          <Facts row={value} />
        </section>
      ))}
    </>
  )
}

function Fact({ field, value }: { field: string; value: unknown }) {
  return (
    <>
      <dt>{wordsOf(field)}</dt>
      <dd>{field === 'tags' ? <Tags tags={value} /> : <Cell field={field} value={value} />}</dd>
    </>
  )
}

type Group = Readonly<Record<string, unknown>>

/** A record of its own; not a reference, which is an id alone. */
function isGroup(value: unknown): value is Group {
  if (!isRecord(value)) return false
  const names = Object.keys(value)
  return names.length > 0 && !(names.length === 1 && names[0] === 'id')
}
