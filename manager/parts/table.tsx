import type { Child } from 'hono/jsx'
import { memo } from 'hono/jsx/dom'
import { useGrowing } from './growing.ts'

/** A column of a table. */
export interface Column<Row> {
  readonly id: string
  readonly label: string
  readonly cell: (row: Row) => Child
  /** Figures stand at the right. */
  readonly number?: boolean
  /** Left out on narrow screens. */
  readonly minor?: boolean
}

/** What a table shows; `columns` and `actions` that stay the same objects spare their rows the work. */
export interface TableProps<Row> {
  /** Names the table for screen readers. */
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  /** What can be done with a row, in a last column. */
  readonly actions?: ((row: Row) => Child) | undefined
}

/** Rows under headings; scrolls sideways by itself where it is too wide. The first column heads its row. */
export function Table<Row>({ caption, columns, rows, keyOf, actions }: TableProps<Row>) {
  const shown = useGrowing(rows.length)
  return (
    // What scrolls must be reachable by keyboard.
    <section
      class={rows.length > MANY ? 'table-wrap many' : 'table-wrap'}
      tabindex={0}
      aria-label={caption}
    >
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" class={classOf(column)}>
                {column.label}
              </th>
            ))}
            {actions === undefined ? null : (
              <th scope="col">
                <span class="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown).map((row) => (
            <TableRow key={keyOf(row)} row={row} columns={columns} actions={actions} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** From here on columns are all of one width, and rows out of sight are not laid out. */
const MANY = 200

interface RowProps<Row> {
  readonly row: Row
  readonly columns: readonly Column<Row>[]
  readonly actions: ((row: Row) => Child) | undefined
}

function PlainRow<Row>({ row, columns, actions }: RowProps<Row>) {
  return (
    <tr>
      {columns.map((column, at) =>
        at === 0 ? (
          <th key={column.id} scope="row" class={classOf(column)}>
            {column.cell(row)}
          </th>
        ) : (
          <td key={column.id} class={classOf(column)}>
            {column.cell(row)}
          </td>
        ),
      )}
      {actions === undefined ? null : <td class="row-actions">{actions(row)}</td>}
    </tr>
  )
}

/** Made anew only when its row is another object. */
const TableRow = memo(PlainRow) as typeof PlainRow // memo() forgets the type parameter

function classOf<Row>({ number, minor }: Column<Row>): string | undefined {
  const names = [number === true && 'number', minor === true && 'minor'].filter(Boolean)
  return names.length === 0 ? undefined : names.join(' ')
}
