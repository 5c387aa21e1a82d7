import type { Page, Row } from '../api.ts'
import { useLoaded } from '../loading.ts'
import type { Way } from './layout.ts'

/** What is offered while one types; anything else may be typed. */
export function Offers({ id, offers }: { id: string; offers: NonNullable<Way['offers']> }) {
  const path = 'path' in offers ? offers.path : undefined
  const { value } = useLoaded<Page>(path === undefined ? undefined : `/${path}?size=1000`)
  const texts = 'path' in offers ? membersOf(value?.data ?? [], offers.member) : offers
  return (
    <datalist id={id}>
      {texts.map((text) => (
        <option key={text} value={text} />
      ))}
    </datalist>
  )
}

function membersOf(rows: readonly Row[], member: string): readonly string[] {
  const texts = rows.flatMap((row) => {
    const value = row[member]
    return typeof value === 'string' ? [value] : []
  })
  return [...new Set(texts)].sort()
}
