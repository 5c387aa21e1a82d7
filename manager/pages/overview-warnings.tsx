import type { Warning } from '../live/warnings.ts'

/** What somebody should look at. */
export function WarningList({ warnings, ready }: { warnings: readonly Warning[]; ready: boolean }) {
  if (!ready) return null
  if (warnings.length === 0) {
    return <p class="good">Nothing needs your attention.</p>
  }
  return (
    <section class="banner warn" aria-labelledby="warnings">
      <h2 id="warnings">Warnings</h2>
      <ul>
        {warnings.map(({ text, href }) => (
          <li key={text}>{href === undefined ? text : <a href={href}>{text}</a>}</li>
        ))}
      </ul>
    </section>
  )
}
