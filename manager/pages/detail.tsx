import { useState } from 'hono/jsx/dom'
import { pathOf, type Row } from '../api.ts'
import { type Kind, nameOf } from '../kinds.ts'
import { useLoaded } from '../loading.ts'
import { goTo, linkTo } from '../location.ts'
import { LinkButton } from '../parts/button.tsx'
import { copyText } from '../parts/clipboard.ts'
import { copyItems } from '../parts/copy-items.ts'
import { DeleteDialog } from '../parts/delete-dialog.tsx'
import { EnabledSwitch } from '../parts/enabled-switch.tsx'
import { ErrorBanner } from '../parts/error-banner.tsx'
import { Menu } from '../parts/menu.tsx'
import { PageHeader } from '../parts/page-header.tsx'
import { DetailTabs } from './detail-tabs.tsx'

/** One row, and in tabs what belongs to it. */
export function DetailPage({ kind, id, tab }: { kind: Kind; id: string; tab: string | undefined }) {
  const { value: row, error, reload } = useLoaded<Row>(pathOf(kind.path, id))
  const back = { href: linkTo([kind.path]), label: kind.many }
  if (row === undefined) {
    return (
      <>
        <PageHeader title={kind.one} back={back} />
        {error === undefined ? <p class="soft">Loading…</p> : null}
        <ErrorBanner error={error} onRetry={reload} />
      </>
    )
  }
  return (
    <>
      <PageHeader title={nameOf(kind, row)} back={back}>
        <DetailActions kind={kind} row={row} />
      </PageHeader>
      <ErrorBanner error={error} onRetry={reload} />
      <DetailTabs kind={kind} row={row} tab={tab} />
    </>
  )
}

function DetailActions({ kind, row }: { kind: Kind; row: Row }) {
  const [doomed, setDoomed] = useState(false)
  return (
    <>
      {typeof row.enabled === 'boolean' ? (
        <EnabledSwitch
          path={pathOf(kind.path, row.id)}
          row={row}
          name={nameOf(kind, row)}
          hideLabel={false}
        />
      ) : null}
      <LinkButton href={linkTo([kind.path, row.id, 'edit'])}>Edit</LinkButton>
      <Menu
        label={`Actions for ${nameOf(kind, row)}`}
        items={() => [
          { label: 'Copy ID', run: () => void copyText(row.id, 'ID') },
          ...copyItems(kind.path, row),
          { label: 'Delete', danger: true, run: () => setDoomed(true) },
        ]}
      />
      {doomed ? (
        <DeleteDialog
          kind={kind}
          row={row}
          onDone={() => goTo([kind.path])}
          onClose={() => setDoomed(false)}
        />
      ) : null}
    </>
  )
}
