import { useState } from 'hono/jsx/dom'
import { isRecord } from '../api.ts'
import { textIn } from '../forms/control.tsx'
import { groupPlugins } from '../forms/plugin-groups.ts'
import { titleOf } from '../forms/words.ts'
import type { Kind } from '../kinds.ts'
import { useLoaded } from '../loading.ts'
import { linkTo } from '../location.ts'
import { Empty } from '../parts/empty.tsx'
import { ErrorBanner } from '../parts/error-banner.tsx'
import { PageHeader } from '../parts/page-header.tsx'

/** The catalogue: which plugin is to be enabled. */
export function PluginSelect({
  parent,
}: {
  parent: { readonly kind: Kind; readonly id: string } | undefined
}) {
  const { value, error, reload } = useLoaded<unknown>('/')
  const [search, setSearch] = useState('')
  const plugins = availableIn(value)
  const groups = groupPlugins(Object.keys(plugins), search)
  const above = parent === undefined ? [] : [parent.kind.path, parent.id]
  return (
    <>
      <PageHeader
        title="Select a Plugin"
        back={{ href: linkTo([...above, 'plugins']), label: 'Plugins' }}
      />
      <ErrorBanner error={error} onRetry={reload} />
      <p class="field">
        <label for="plugin-search">Filter plugins</label>
        <input
          id="plugin-search"
          type="search"
          value={search}
          onInput={(event: InputEvent) => setSearch(textIn(event))}
        />
      </p>
      {groups.length === 0 && value !== undefined ? (
        <Empty title={`No plugin has “${search}” in its name`} />
      ) : null}
      {groups.map(({ title, names }) => (
        <section key={title} aria-label={title}>
          <h2>{title}</h2>
          <ul class="catalogue">
            {names.map((name) => (
              <li key={name}>
                <a class="card" href={linkTo([...above, 'plugins', 'new'], { plugin: name })}>
                  <b>{titleOf(name)}</b> <span class="soft">{name}</span>
                  {isAtWork(plugins[name]) ? null : <span class="tag">does nothing yet</span>}
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}

function availableIn(node: unknown): Readonly<Record<string, unknown>> {
  const plugins = isRecord(node) ? node.plugins : undefined
  const available = isRecord(plugins) ? plugins.available_on_server : undefined
  return isRecord(available) ? available : {}
}

/** The gateway says of a plugin when it can be configured, but does nothing yet. */
function isAtWork(about: unknown): boolean {
  return !isRecord(about) || about.enforced !== false
}
