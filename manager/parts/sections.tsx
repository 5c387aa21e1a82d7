import { KINDS } from '../kinds.ts'
import { linkTo } from '../location.ts'

const TOOLS = [
  { path: 'try', label: 'Try a Request' },
  { path: 'config', label: 'Configuration' },
  { path: 'history', label: 'History' },
]

/** The menu at the side; on a phone it is folded unless `open`. */
export function Sections({ current, open }: { current: string; open: boolean }) {
  return (
    <nav id="sections" class={open ? 'sections open' : 'sections'} aria-label="Sections">
      <ul>
        <Section path="overview" label="Overview" current={current} />
        {KINDS.map(({ path, many }) => (
          <Section key={path} path={path} label={many} current={current} />
        ))}
      </ul>
      <ul class="apart">
        {TOOLS.map(({ path, label }) => (
          <Section key={path} path={path} label={label} current={current} />
        ))}
      </ul>
    </nav>
  )
}

function Section({ path, label, current }: { path: string; label: string; current: string }) {
  const parts = path === 'overview' ? [] : [path]
  return (
    <li>
      <a href={linkTo(parts)} aria-current={path === current ? 'page' : undefined}>
        {label}
      </a>
    </li>
  )
}
