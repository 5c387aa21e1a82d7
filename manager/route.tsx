import { childKindOf, type Kind, kindOf } from './kinds.ts'
import { ConfigPage } from './pages/config.tsx'
import { DetailPage } from './pages/detail.tsx'
import { FormPage } from './pages/form.tsx'
import { HistoryPage } from './pages/history.tsx'
import { ListPage } from './pages/list.tsx'
import { NotFoundPage } from './pages/not-found.tsx'
import { OverviewPage } from './pages/overview.tsx'
import { TryPage } from './pages/try.tsx'

/** The page of a place. A page of another thing is another page: each has a key of its own. */
export function Route({ parts, query }: { parts: readonly string[]; query: URLSearchParams }) {
  const [section = 'overview', ...rest] = parts
  if (rest.length === 0) {
    if (section === 'overview') return <OverviewPage />
    if (section === 'try') return <TryPage />
    if (section === 'config') return <ConfigPage />
    if (section === 'history') return <HistoryPage />
  }
  const kind = kindOf(section)
  if (kind === undefined) return <NotFoundPage />
  const [id, below, childId, last] = rest
  if (id === undefined) return <ListPage key={section} kind={kind} query={query} />
  if (id === 'new') return <FormPage key={`${section}/new`} kind={kind} />
  if (below === 'edit') return <FormPage key={`${section}/${id}/edit`} kind={kind} id={id} />
  if (childId === undefined)
    return <DetailPage key={`${section}/${id}`} kind={kind} id={id} tab={below} />
  return <ChildForm parent={{ kind, id }} path={below ?? ''} id={childId} last={last} />
}

/** A form below another thing: `services/{id}/routes/new`. */
function ChildForm({
  parent,
  path,
  id,
  last,
}: {
  parent: { readonly kind: Kind; readonly id: string }
  path: string
  id: string
  last: string | undefined
}) {
  const kind = childKindOf(parent.kind, path)
  if (kind === undefined) return <NotFoundPage />
  const key = [parent.kind.path, parent.id, path, id].join('/')
  if (id === 'new') return <FormPage key={key} kind={kind} parent={parent} />
  if (last === 'edit') return <FormPage key={key} kind={kind} id={id} parent={parent} />
  return <NotFoundPage />
}
