import { useId, useState } from 'hono/jsx/dom'
import type { Page, Row } from '../api.ts'
import type { Kind } from '../kinds.ts'
import { useLoaded } from '../loading.ts'
import { linkTo } from '../location.ts'
import { LinkButton } from '../parts/button.tsx'
import { Empty } from '../parts/empty.tsx'
import { ErrorBanner } from '../parts/error-banner.tsx'
import { useSteady } from '../parts/growing.ts'
import { Pager } from '../parts/pager.tsx'
import { textIn } from '../parts/typed-text.ts'
import { type Parent, RowTable } from './list-rows.tsx'

const NONE: readonly Row[] = []
const SMALLEST = 30
const SIZES = [SMALLEST, 100, 1000]

/** A collection of the Admin API, a page at a time. */
export function PagedRows({
  kind,
  path,
  tag = '',
  parent,
}: {
  kind: Kind
  path: string
  tag?: string
  parent?: Parent
}) {
  const { query, isFirst, ...paging } = usePaging(tag)
  const { value, error, loading, reload } = useLoaded<Page>(`${path}?${query}`)
  const rows = useSteady(value?.data ?? NONE)
  if (value === undefined) {
    return error === undefined ? (
      <p class="soft">Loading…</p>
    ) : (
      <ErrorBanner error={error} onRetry={reload} />
    )
  }
  const { offset: next, data } = value
  const onNext = next === undefined ? undefined : () => paging.goOn(next)
  return (
    <>
      <ErrorBanner error={error} onRetry={reload} />
      {data.length === 0 && isFirst ? (
        <NoRows kind={kind} tag={tag} parent={parent} />
      ) : (
        <RowTable kind={kind} parent={parent} rows={rows} onChanged={reload} />
      )}
      {data.length < SMALLEST && isFirst ? null : (
        <div class="list-foot">
          <SizeChoice size={paging.size} onChange={paging.resize} />
          <Pager label={kind.many} busy={loading} onPrevious={paging.goBack} onNext={onNext} />
        </div>
      )}
    </>
  )
}

/** Which page is asked for, and the ways to its neighbours. */
function usePaging(tag: string) {
  const [size, setSize] = useState(SMALLEST)
  /** The offset of each page up to this one; none for the first. */
  const [offsets, setOffsets] = useState<readonly string[]>([])
  const query = new URLSearchParams({ size: String(size), ...(tag === '' ? {} : { tags: tag }) })
  const offset = offsets.at(-1)
  if (offset !== undefined) query.set('offset', offset)
  return {
    query,
    size,
    isFirst: offset === undefined,
    resize(chosen: number) {
      setOffsets([])
      setSize(chosen)
    },
    goOn: (next: string) => setOffsets([...offsets, next]),
    goBack: offset === undefined ? undefined : () => setOffsets(offsets.slice(0, -1)),
  }
}

function SizeChoice({ size, onChange }: { size: number; onChange: (size: number) => void }) {
  const id = useId()
  return (
    <p class="row">
      <label for={id}>Rows on a page</label>
      <select
        id={id}
        value={String(size)}
        onInput={(event: InputEvent) => onChange(Number(textIn(event)))}
      >
        {SIZES.map((one) => (
          <option key={one} value={String(one)} selected={one === size}>
            {one}
          </option>
        ))}
      </select>
    </p>
  )
}

function NoRows({ kind, tag, parent }: { kind: Kind; tag: string; parent: Parent | undefined }) {
  if (tag !== '') return <Empty title={`No ${kind.one.toLowerCase()} has the tag “${tag}”`} />
  const place =
    parent === undefined ? [kind.path, 'new'] : [parent.kind.path, parent.id, kind.path, 'new']
  return (
    <Empty
      title={`No ${kind.many.toLowerCase()} yet`}
      action={<LinkButton href={linkTo(place)}>New {kind.one}</LinkButton>}
    >
      <p>{WHY[kind.path] ?? ''}</p>
    </Empty>
  )
}

const WHY: Readonly<Record<string, string>> = {
  services: 'A service is what requests are passed on to: a host and a port, or an upstream.',
  routes: 'A route says which requests go to a service: by path, host, method or header.',
  consumers: 'A consumer is somebody who calls; credentials and plugins can be given to it.',
  plugins: 'A plugin does something with requests: it checks, limits, changes or logs them.',
  upstreams: 'An upstream shares requests out among targets, and keeps an eye on their health.',
  targets: 'A target is one address that an upstream sends requests to.',
  certificates: 'A certificate is shown to clients that ask for one of its names over TLS.',
  ca_certificates: 'A CA certificate is what upstreams’ and clients’ certificates are checked by.',
  snis: 'An SNI says for which host name a certificate is shown.',
  vaults: 'A vault is where secrets are read from.',
  keys: 'A key signs or encrypts for plugins.',
  'key-sets': 'A key set holds keys together.',
}
