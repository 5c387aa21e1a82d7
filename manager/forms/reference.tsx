import type { Page, Row } from '../api.ts'
import { KINDS } from '../kinds.ts'
import { useLoaded } from '../loading.ts'
import { textIn } from '../parts/typed-text.ts'
import { type ControlProps, Labelled, tiesOf } from './control.tsx'
import { textOf } from './draft.ts'

/** Another entity, by its name or id: typed, or chosen among those there are. */
export function ReferenceField(props: ControlProps) {
  const { form, field, path } = props
  const kind = KINDS.find(({ schema }) => schema === field.reference)
  const { value: page } = useLoaded<Page>(kind && `/${kind.path}?size=1000`)
  const rows = page?.data ?? []
  const draft = textOf(form.get(path))
  const chosen = rows.find(({ id }) => id === draft)
  const ties = tiesOf(props, true)
  const choose = (event: Event) => {
    const text = textIn(event)
    const row = rows.find((one) => labelOf(one, kind?.named) === text)
    form.set(path, row?.id ?? text)
  }
  return (
    <Labelled {...props} below>
      <input
        type="text"
        autocomplete="off"
        {...ties}
        list={`${ties.id}-offers`}
        placeholder={`Name or ID of a ${kind?.one.toLowerCase() ?? 'row'}`}
        value={chosen === undefined ? draft : labelOf(chosen, kind?.named)}
        onInput={choose}
        onBlur={() => form.touch(path)}
      />
      <datalist id={`${ties.id}-offers`}>
        {rows.map((row) => (
          <option key={row.id} value={labelOf(row, kind?.named)}>
            {moreOf(row)}
          </option>
        ))}
      </datalist>
    </Labelled>
  )
}

function labelOf(row: Row, named: string | undefined): string {
  const name = named === undefined ? undefined : row[named]
  return typeof name === 'string' && name !== '' ? name : row.id
}

/** What tells rows without a name apart. */
function moreOf(row: Row): string {
  const { snis, paths, hosts, custom_id: customId } = row
  const lists = [snis, hosts, paths].flatMap((list) => (Array.isArray(list) ? list : []))
  return [...lists, ...(typeof customId === 'string' ? [customId] : [])].slice(0, 3).join(', ')
}
