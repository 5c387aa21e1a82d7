import { useState } from 'hono/jsx/dom'
import { linkTo } from '../location.ts'
import { Button, LinkButton } from '../parts/button.tsx'
import { CodeView } from '../parts/code-view.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { placeAfter, type Subject } from './entity.ts'
import { requestOf } from './saving.ts'
import type { Form } from './use-form.ts'
import { labelOf } from './words.ts'

/** What can be done with a form, at its foot. */
export function FormBar({ form, subject, busy }: { form: Form; subject: Subject; busy: boolean }) {
  const [looking, setLooking] = useState(false)
  return (
    <div class="form-bar">
      <Button
        type="submit"
        kind="main"
        busy={busy}
        disabled={!form.isValid || !form.isChanged}
        title="Ctrl+Enter"
      >
        {form.isNew ? 'Create' : 'Update'}
      </Button>
      <LinkButton href={linkTo(placeAfter(subject))}>Cancel</LinkButton>
      <Button onClick={() => setLooking(true)}>View configuration</Button>
      <p class="soft">{stillMissing(form)}</p>
      {looking ? (
        <SentDialog key="sent" form={form} subject={subject} onClose={() => setLooking(false)} />
      ) : null}
    </div>
  )
}

function SentDialog({
  form,
  subject,
  onClose,
}: {
  form: Form
  subject: Subject
  onClose: () => void
}) {
  return (
    <Dialog
      title="Configuration"
      wide
      onClose={onClose}
      actions={<Button onClick={onClose}>Close</Button>}
    >
      <p>
        What will be sent: <code>{requestOf(subject)}</code>
      </p>
      <CodeView label="What will be sent" value={form.body} />
    </Dialog>
  )
}

/** Says why it cannot be saved yet. */
function stillMissing({ problems, isChanged }: Form): string {
  if (!isChanged) return 'Nothing changed yet'
  const missing = Array.from(problems, ([path, text]) =>
    path === '' || path.startsWith('@') ? text : labelOf(path),
  )
  return missing.length === 0 ? '' : `Still to do: ${[...new Set(missing)].join(', ')}`
}
