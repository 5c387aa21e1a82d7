import type { Kind } from '../kinds.ts'
import { goTo, linkTo } from '../location.ts'
import { Button, LinkButton } from '../parts/button.tsx'
import { PageHeader } from '../parts/page-header.tsx'
import { SearchBox } from '../parts/search-box.tsx'
import { FoundRow } from './list-found.tsx'
import { PagedRows } from './list-paged.tsx'

/** The rows of a kind: page by page, those with a tag, or the one of a name. */
export function ListPage({ kind, query }: { kind: Kind; query: URLSearchParams }) {
  const search = query.get('search') ?? ''
  const tag = query.get('tag') ?? ''
  const by = kind.named === undefined ? 'ID' : 'exact name or ID'
  const filter = (name: string) => (text: string) =>
    goTo([kind.path], text === '' ? {} : { [name]: text })
  return (
    <>
      <PageHeader title={kind.many}>
        <LinkButton kind="main" href={linkTo([kind.path, 'new'])}>
          New {kind.one}
        </LinkButton>
      </PageHeader>
      <search class="toolbar">
        <SearchBox label={`Filter by ${by}`} value={search} onSearch={filter('search')} />
        <SearchBox label="Filter by tag" value={tag} onSearch={filter('tag')} />
        {search === '' && tag === '' ? null : (
          <Button kind="quiet" onClick={() => goTo([kind.path])}>
            Show all
          </Button>
        )}
      </search>
      {search === '' ? (
        <PagedRows key={`tag:${tag}`} kind={kind} path={`/${kind.path}`} tag={tag} />
      ) : (
        <FoundRow key={search} kind={kind} name={search} />
      )}
    </>
  )
}
