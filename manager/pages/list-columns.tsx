import type { Row } from '../api.ts'
import { type Kind, nameOf, standsAlone } from '../kinds.ts'
import { linkTo } from '../location.ts'
import { AppliedTo, Cell, shortId, valueAt } from '../parts/cell.tsx'
import { EnabledSwitch } from '../parts/enabled-switch.tsx'
import type { Column } from '../parts/table.tsx'
import { Tags } from '../parts/tags.tsx'
import { wordsOf } from '../parts/words.ts'
import type { Whereabouts } from './list-rows.tsx'

/** Columns that a narrow screen can do without. */
const MINOR = new Set([
  'updated_at',
  'created_at',
  'tags',
  'protocol',
  'port',
  'slots',
  'cert_digest',
])
const FIGURES = new Set(['port', 'slots', 'weight'])

/** The columns of a kind's list; the first leads to the row. */
export function columnsOf(kind: Kind, at: Whereabouts): readonly Column<Row>[] {
  return kind.columns.map((field, position) => ({
    id: field,
    label: wordsOf(field),
    number: FIGURES.has(field),
    minor: MINOR.has(field),
    cell: position === 0 ? (row) => leading(kind, row, at) : cellOf(kind, field, at),
  }))
}

function leading(kind: Kind, row: Row, at: Whereabouts) {
  const [field = 'id'] = kind.columns
  const value = row[field]
  const text = typeof value === 'string' && value !== '' && field !== 'id' ? value : shortId(row.id)
  return (
    <a href={linkTo(at.view(row))} title={row.id}>
      {text}
    </a>
  )
}

function cellOf(kind: Kind, field: string, at: Whereabouts): Column<Row>['cell'] {
  const hrefOf = (tag: string) => linkTo([kind.path], { tag })
  switch (field) {
    case 'applied':
      return (row) => <AppliedTo row={row} />
    case 'enabled':
      return (row) => <EnabledSwitch path={at.api(row)} row={row} name={nameOf(kind, row)} />
    case 'tags':
      return (row) => <Tags tags={row.tags} hrefOf={standsAlone(kind) ? hrefOf : undefined} />
    default:
      return (row) => <Cell field={field} value={valueAt(row, field)} />
  }
}
