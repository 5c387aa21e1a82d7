import { useState } from 'hono/jsx/dom'
import { Button } from './button.tsx'

/** A value that is not shown to whoever looks over one's shoulder, until asked for. */
export function Secret({ value, label }: { value: string; label: string }) {
  const [open, setOpen] = useState(false)
  return (
    <span class="row">
      <span class="code">{open ? value : '••••••••'}</span>
      <Button
        kind="quiet"
        label={`${open ? 'Hide' : 'Show'} ${label}`}
        onClick={() => setOpen(!open)}
      >
        {open ? 'Hide' : 'Show'}
      </Button>
    </span>
  )
}

/** Whether a field holds what others should not read. */
export function isSecret(name: string): boolean {
  return /(^|[._])(key|cert_key|key_alt|password|secret|client_secret|private_key)$/.test(name)
}
