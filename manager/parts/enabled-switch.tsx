import { useEffect, useState } from 'hono/jsx/dom'
import { ApiError, callWhole, type Row } from '../api.ts'
import { undoable } from '../undo.ts'
import { Switch } from './switch.tsx'
import { announce } from './toast.tsx'

/** Switches a row on and off where it stands; `path` is its own in the Admin API. */
export function EnabledSwitch({
  path,
  row,
  name,
  hideLabel = true,
}: {
  path: string
  row: Row
  name: string
  hideLabel?: boolean
}) {
  const [enabled, setEnabled] = useState(row.enabled !== false)
  const [busy, setBusy] = useState(false)
  useEffect(() => setEnabled(row.enabled !== false), [row])
  const change = async (next: boolean): Promise<void> => {
    setBusy(true)
    try {
      const { revision } = await callWhole('PATCH', path, { body: { enabled: next } })
      setEnabled(next)
      undoable(`${name} ${next ? 'enabled' : 'disabled'}`, revision)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      announce(error.message, { kind: 'bad' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Switch
      label={hideLabel ? `Enable ${name}` : 'Enabled'}
      checked={enabled}
      disabled={busy}
      hideLabel={hideLabel}
      onChange={(next) => void change(next)}
    />
  )
}
