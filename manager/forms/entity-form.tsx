import type { Child } from 'hono/jsx'
import { useRef } from 'hono/jsx/dom'
import { goTo } from '../location.ts'
import { ConflictDialog } from './conflict.tsx'
import { apiPathOf, type Entity, placeAfter, type Subject } from './entity.ts'
import { FormBar } from './form-bar.tsx'
import { LeavingDialog, useLeavingGuard } from './leaving.tsx'
import { useSaving } from './saving.ts'
import { type Form, type FormStart, useForm } from './use-form.ts'

/** What a form is given. */
export interface EntityFormProps {
  subject: Subject
  /** As it was when the form was opened; undefined for a new one. */
  entity: Entity | undefined
  start: FormStart
  /** Sent along with a new one. */
  also?: Readonly<Record<string, unknown>> | undefined
  onReload: () => void
  children: (form: Form) => Child
}

/** A form with all that is around it: what was refused, saving, looking at what is sent, leaving. */
export function EntityForm({ subject, entity, start, also, onReload, children }: EntityFormProps) {
  const form = sendingAlso(useForm(start), also)
  const { element, guard, saving, save, ...keys } = useSubmitting(form, subject, entity?.etag)
  return (
    <>
      <form ref={element} class="entity-form" novalidate {...keys}>
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

/** Saves the form when it is sent, and goes on from there: away, or to the first error. */
function useSubmitting(form: Form, subject: Subject, etag: string | undefined) {
  const element = useRef<HTMLFormElement>(null)
  const guard = useLeavingGuard(form.isDirty)
  const saving = useSaving(form, subject, etag)
  const save = async (force = false) => {
    if (await saving.save(force)) {
      guard.release()
      goTo(placeAfter(subject))
    } else requestAnimationFrame(() => focusFirstError(element.current))
  }
  const onSubmit = (event: Event) => {
    event.preventDefault()
    if (form.isChanged) void save()
  }
  const onKeydown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSubmit(event)
  }
  return { element, guard, saving, save, onSubmit, onKeydown }
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
