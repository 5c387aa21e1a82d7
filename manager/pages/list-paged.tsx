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
import { type Parent, RowTable } from './list-rows.tsx'

const NONE: readonly Row[] = []
const SIZES = [30, 100, 1000]

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
  const [size, setSize] = useState(30)
  /** The offset of each page up to this one; none for the first. */
  const [offsets, setOffsets] = useState<readonly string[]>([])
  const asked = new URLSearchParams({ size: String(size), ...(tag === '' ? {} : { tags: tag }) })
  const offset = offsets.at(-1)
  if (offset !== undefined) asked.set('offset', offset)
  const { value, error, loading, reload } = useLoaded<Page>(`${path}?${asked}`)

  const rows = useSteady(value?.data ?? NONE)

  if (value === undefined) {
    return error === undefined ? (
      <p class="soft">Loading…</p>
    ) : (
      <ErrorBanner error={error} onRetry={reload} />
    )
  }
  const next = value.offset
  const onNext = next === undefined ? undefined : () => setOffsets([...offsets, next])
  const onPrevious = offsets.length === 0 ? undefined : () => setOffsets(offsets.slice(0, -1))
  return (
    <>
      <ErrorBanner error={error} onRetry={reload} />
      {value.data.length === 0 && offsets.length === 0 ? (
        <NoRows kind={kind} tag={tag} parent={parent} />
      ) : (
        <RowTable kind={kind} parent={parent} rows={rows} onChanged={reload} />
      )}
      {value.data.length < 30 && offsets.length === 0 ? null : (
        <div class="list-foot">
          <SizeChoice
            size={size}
            onChange={(chosen) => {
              setOffsets([])
              setSize(chosen)
            }}
          />
          <Pager label={kind.many} busy={loading} onPrevious={onPrevious} onNext={onNext} />
        </div>
      )}
    </>
  )
}

function SizeChoice({ size, onChange }: { size: number; onChange: (size: number) => void }) {
  const id = useId()
  return (
    <p class="row">
      <label for={id}>Rows on a page</label>
      <select
        id={id}
        value={String(size)}
        onInput={(event: InputEvent) => {
          if (event.target instanceof HTMLSelectElement) onChange(Number(event.target.value))
        }}
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
