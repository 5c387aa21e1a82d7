import type { Child } from 'hono/jsx'
import { useRef } from 'hono/jsx/dom'
import { goTo } from '../location.ts'
import { ConflictDialog } from './conflict.tsx'
import { apiPathOf, type Entity, placeAfter, type Subject } from './entity.ts'
import { FormBar } from './form-bar.tsx'
import { LeavingDialog, useLeavingGuard } from './leaving.tsx'
import { useSaving } from './saving.ts'
import { type Form, type FormStart, useForm } from './use-form.ts'

/** A form with all that is around it: what was refused, saving, looking at what is sent, leaving. */
export function EntityForm({
  subject,
  entity,
  start,
  also,
  onReload,
  children,
}: {
  subject: Subject
  entity: Entity | undefined
  start: FormStart
  /** Sent along with a new one. */
  also?: Readonly<Record<string, unknown>> | undefined
  onReload: () => void
  children: (form: Form) => Child
}) {
  const form = sendingAlso(useForm(start), also)
  const element = useRef<HTMLFormElement>(null)
  const guard = useLeavingGuard(form.isDirty)
  const saving = useSaving(form, subject, entity?.etag)

  const save = async (force = false) => {
    if (await saving.save(force)) {
      guard.release()
      goTo(placeAfter(subject))
    } else requestAnimationFrame(() => focusFirstError(element.current))
  }
  const submit = (event: Event) => {
    event.preventDefault()
    if (form.isChanged) void save()
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event)
  }
  return (
    <>
      <form ref={element} class="entity-form" novalidate onSubmit={submit} onKeydown={press}>
        <Refusals texts={form.refused.top} />
        {children(form)}
        <FormBar key="bar" form={form} subject={subject} busy={saving.busy} />
      </form>
      {saving.inConflict ? (
        <ConflictDialog
          key="conflict"
          path={apiPathOf(subject)}
          name={subject.kind.one}
          row={entity?.row}
          onClose={saving.forgetConflict}
          onLoad={onReload}
          onOverwrite={() => {
            saving.forgetConflict()
            void save(true)
          }}
        />
      ) : null}
      <LeavingDialog key="leaving" guard={guard} />
    </>
  )
}

/** What was refused of the whole; read out when it comes. */
function Refusals({ texts }: { texts: readonly string[] }) {
  return (
    <div role="alert" tabindex={-1} class={texts.length === 0 ? 'refusals' : 'refusals banner bad'}>
      {texts.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </div>
  )
}

function sendingAlso(form: Form, also: Readonly<Record<string, unknown>> = {}): Form {
  if (!form.isNew) return form
  const readNow = () => {
    const now = form.readNow()
    return { ...now, body: { ...also, ...now.body } }
  }
  return { ...form, body: { ...also, ...form.body }, readNow }
}

function focusFirstError(form: HTMLFormElement | null): void {
  const first = form?.querySelector<HTMLElement>(
    '[aria-invalid="true"], .field-error, .refusals.bad',
  )
  for (let fold = first?.closest('details'); fold; fold = fold.parentElement?.closest('details')) {
    fold.open = true
  }
  const place = first?.matches('.field-error') ? first.closest<HTMLElement>('fieldset') : first
  place?.focus()
}
