import { copyText } from './clipboard.ts'
import { copyTexts } from './copy-texts.ts'
import type { MenuItem } from './menu.tsx'

/** Menu items that copy a row as JSON, YAML, curl or decK; `path` is its collection's: `upstreams/x/targets`. */
export function copyItems(path: string, row: Readonly<Record<string, unknown>>): MenuItem[] {
  return copyTexts(path, row).map(({ label, text }) => ({
    label: `Copy as ${label}`,
    run: () => void copyText(text(), label),
  }))
}
