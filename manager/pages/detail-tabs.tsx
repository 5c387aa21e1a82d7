import type { Row } from '../api.ts'
import { pathOf } from '../api.ts'
import { childKinds, type Kind, standsAlone } from '../kinds.ts'
import { TargetsPanel } from '../live/targets.tsx'
import { linkTo } from '../location.ts'
import { LinkButton } from '../parts/button.tsx'
import { CodeView } from '../parts/code-view.tsx'
import { Facts } from '../parts/facts.tsx'
import { TabLinks, Tabs } from '../parts/tabs.tsx'
import { PagedRows } from './list-paged.tsx'

/** A row's configuration and what stands below it, each in a tab with a place of its own. */
export function DetailTabs({ kind, row, tab }: { kind: Kind; row: Row; tab: string | undefined }) {
  const tabs = tabsOf(kind)
  const current =
    tabs.find(({ kinds }) => kinds.some(({ path }) => path === tab)) ??
    tabs.find(({ id }) => id === tab)
  const links = [{ id: '', label: 'Configuration' }, ...tabs].map(({ id, label }) => ({
    id,
    label,
    href: linkTo(id === '' ? [kind.path, row.id] : [kind.path, row.id, id]),
  }))
  return (
    <>
      {tabs.length === 0 ? null : (
        <TabLinks
          label={`About this ${kind.one.toLowerCase()}`}
          tabs={links}
          current={current?.id ?? ''}
        />
      )}
      {current === undefined ? (
        <Configuration row={row} />
      ) : (
        <Below key={current.id} parent={kind} row={row} kinds={current.kinds} />
      )}
    </>
  )
}

interface ChildTab {
  readonly id: string
  readonly label: string
  readonly kinds: readonly Kind[]
}

/** A tab for each kind below, and one for all credentials together. */
function tabsOf(kind: Kind): readonly ChildTab[] {
  const below = childKinds(kind)
  const one = (child: Kind): ChildTab => ({ id: child.path, label: child.many, kinds: [child] })
  if (kind.path !== 'consumers') return below.map(one)
  const credentials = below.filter((child) => !standsAlone(child))
  return [
    { id: 'credentials', label: 'Credentials', kinds: credentials },
    ...below.filter(standsAlone).map(one),
  ]
}

function Configuration({ row }: { row: Row }) {
  return (
    <Tabs
      label="Shown as"
      tabs={[
        { id: 'table', label: 'Table', content: () => <Facts row={row} /> },
        {
          id: 'json',
          label: 'JSON',
          content: () => <CodeView label="JSON" value={row} formats={['JSON']} />,
        },
        {
          id: 'yaml',
          label: 'YAML',
          content: () => <CodeView label="YAML" value={row} formats={['YAML']} />,
        },
      ]}
    />
  )
}

function Below({ parent, row, kinds }: { parent: Kind; row: Row; kinds: readonly Kind[] }) {
  const [first] = kinds
  if (first?.path === 'targets') return <TargetsPanel upstream={row} />
  return (
    <div class="stack">
      {kinds.map((kind) => (
        <div key={kind.path}>
          <div class="title-line">
            <h2>{kind.many}</h2>
            <div class="actions">
              <LinkButton href={linkTo([parent.path, row.id, kind.path, 'new'])}>
                New {kind.one}
              </LinkButton>
            </div>
          </div>
          <PagedRows
            kind={kind}
            path={pathOf(parent.path, row.id, kind.path)}
            parent={{ kind: parent, id: row.id }}
          />
        </div>
      ))}
    </div>
  )
}
