import { useState } from 'hono/jsx/dom'
import { isRecord } from '../api.ts'
import { groupPlugins } from '../forms/plugin-groups.ts'
import { titleOf } from '../forms/words.ts'
import { useLoaded } from '../loading.ts'
import { linkTo } from '../location.ts'
import { Empty } from '../parts/empty.tsx'
import { ErrorBanner } from '../parts/error-banner.tsx'
import { PageHeader } from '../parts/page-header.tsx'
import { textIn } from '../parts/typed-text.ts'
import type { Parent } from './list-rows.tsx'

/** The catalogue: which plugin is to be enabled. */
export function PluginSelect({ parent }: { parent: Parent | undefined }) {
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
      <Filter text={search} onText={setSearch} />
      {groups.length === 0 && value !== undefined ? (
        <Empty title={`No plugin has “${search}” in its name`} />
      ) : null}
      {groups.map(({ title, names }) => (
        <section key={title} aria-label={title}>
          <h2>{title}</h2>
          <ul class="catalogue">
            {names.map((name) => (
              <PluginCard
                key={name}
                name={name}
                href={linkTo([...above, 'plugins', 'new'], { plugin: name })}
                works={isAtWork(plugins[name])}
              />
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}

function Filter({ text, onText }: { text: string; onText: (text: string) => void }) {
  return (
    <p class="field">
      <label for="plugin-search">Filter plugins</label>
      <input
        id="plugin-search"
        type="search"
        value={text}
        onInput={(event: InputEvent) => onText(textIn(event))}
      />
    </p>
  )
}

function PluginCard({ name, href, works }: { name: string; href: string; works: boolean }) {
  return (
    <li>
      <a class="card" href={href}>
        <b>{titleOf(name)}</b> <span class="soft">{name}</span>
        {works ? null : <span class="tag">does nothing yet</span>}
      </a>
    </li>
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
