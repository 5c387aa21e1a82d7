import { useState } from 'hono/jsx/dom'
import { Button } from './button.tsx'
import { copyText } from './clipboard.ts'
import { toYaml } from './yaml.ts'

/** How a value can be read. */
export type CodeFormat = 'JSON' | 'YAML'

/** A value as JSON or YAML, to read and to copy. A text is shown as it stands. */
export function CodeView({
  label,
  value,
  formats = ['JSON', 'YAML'],
}: {
  /** Names the text for screen readers. */
  label: string
  value: unknown
  formats?: readonly CodeFormat[]
}) {
  const [format, setFormat] = useState<CodeFormat>(formats[0] ?? 'JSON')
  const text = typeof value === 'string' ? value : codeOf(value, format)
  return (
    <div class="code-view">
      <div class="code-bar">
        {typeof value === 'string' || formats.length < 2
          ? null
          : formats.map((name) => (
              <button
                key={name}
                type="button"
                class="chip"
                aria-pressed={name === format ? 'true' : 'false'}
                onClick={() => setFormat(name)}
              >
                {name}
              </button>
            ))}
        <Button kind="quiet" onClick={() => void copyText(text, label)}>
          Copy
        </Button>
      </div>
      <section class="code-scroll" tabindex={0} aria-label={label}>
        <pre>
          <code>{text}</code>
        </pre>
      </section>
    </div>
  )
}

/** The text of a value. */
export function codeOf(value: unknown, format: CodeFormat): string {
  return format === 'YAML' ? toYaml(value) : JSON.stringify(value, null, 2)
}
