import { useMemo } from 'hono/jsx/dom'
import { type ApiError, pathOf } from '../api.ts'
import { apiPathOf, type Entity, type Subject, useEntity } from '../forms/entity.ts'
import { EntityForm } from '../forms/entity-form.tsx'
import { GIVEN, layoutOf } from '../forms/form-kinds.ts'
import { readSchema, type Schema, withKind } from '../forms/schema.ts'
import { shownSchema } from '../forms/shown-fields.ts'
import { titleOf } from '../forms/words.ts'
import { type Kind, nameOf } from '../kinds.ts'
import { useLoaded } from '../loading.ts'
import { linkTo, usePlace } from '../location.ts'
import { ErrorBanner } from '../parts/error-banner.tsx'
import { PageHeader } from '../parts/page-header.tsx'
import { FormBody } from './form-body.tsx'
import { PluginSelect } from './plugin-select.tsx'

/** Makes a new thing, or changes one. */
export function FormPage({
  kind,
  id,
  parent,
}: {
  kind: Kind
  id?: string
  parent?: { readonly kind: Kind; readonly id: string }
}) {
  const { query } = usePlace()
  const plugin = query.get('plugin') ?? undefined
  const subject = useMemo(() => ({ kind, id, parent }), [kind, id, parent?.kind, parent?.id])
  if (kind.path === 'plugins' && id === undefined && plugin === undefined) {
    return <PluginSelect key="select" parent={parent} />
  }
  return <LoadedForm key={`form ${plugin}`} subject={subject} plugin={plugin} />
}

/** Waits for the schema and the entity. */
function LoadedForm({ subject, plugin }: { subject: Subject; plugin: string | undefined }) {
  const { kind, id } = subject
  const { entity, error, reload } = useEntity(id === undefined ? undefined : apiPathOf(subject))
  const variant = variantOf(kind, entity, plugin)
  const { schema, failure, again } = useSchema(kind, variant, error)
  const isReady = schema !== undefined && (id === undefined || entity !== undefined)
  const retry = () => {
    reload()
    again()
  }
  return (
    <>
      <Header
        key={isReady ? 'ready' : 'waiting'}
        subject={subject}
        entity={entity}
        plugin={variant}
      />
      <ErrorBanner key="error" error={failure} onRetry={retry} />
      {isReady ? (
        // What somebody else changed makes another form of it.
        <ReadyForm
          key={`form ${entity?.etag}`}
          subject={subject}
          entity={entity}
          schema={schema}
          plugin={kind.path === 'plugins' ? variant : undefined}
          onReload={reload}
        />
      ) : (
        <p key="loading" class="soft">
          {failure === undefined ? 'Loading…' : ''}
        </p>
      )}
    </>
  )
}

/** The schema of a kind, with what its variant changes; undefined until all of it is there. */
function useSchema(kind: Kind, variant: string | undefined, error: ApiError | undefined) {
  const whole = useLoaded<unknown>(`/schemas/${kind.schema}`)
  const special = useLoaded<unknown>(variant && pathOf('schemas', kind.schema, variant))
  const schema = useMemo(() => {
    if (whole.value === undefined) return undefined
    const read = readSchema(whole.value)
    if (variant === undefined) return read
    return special.value === undefined ? undefined : withKind(read, readSchema(special.value))
  }, [whole.value, special.value, variant])
  const again = () => {
    whole.reload()
    special.reload()
  }
  return { schema, failure: error ?? whole.error ?? special.error, again }
}

/** What decides a part of the schema: a plugin's name, a vault's. */
function variantOf(kind: Kind, entity: Entity | undefined, plugin: string | undefined) {
  if (kind.path === 'vaults') return entity === undefined ? 'env' : String(entity.row.name)
  if (kind.path !== 'plugins') return undefined
  return entity === undefined ? plugin : String(entity.row.name)
}

function Header({
  subject: { kind, id, parent },
  entity,
  plugin,
}: {
  subject: Subject
  entity: Entity | undefined
  plugin: string | undefined
}) {
  const above = parent ?? { kind, id: undefined }
  const back =
    above.id === undefined
      ? { href: linkTo([kind.path]), label: kind.many }
      : { href: linkTo([above.kind.path, above.id, kind.path]), label: above.kind.one }
  const special = kind.path === 'plugins' && plugin !== undefined ? `: ${titleOf(plugin)}` : ''
  const name = entity === undefined ? '' : ` ${nameOf(kind, entity.row)}`
  const title = id === undefined ? `New ${kind.one}${special}` : `Edit ${kind.one}${name}`
  return <PageHeader title={title} back={back} />
}

function ReadyForm({
  subject,
  entity,
  schema,
  plugin,
  onReload,
}: {
  subject: Subject
  entity: Entity | undefined
  schema: Schema
  plugin: string | undefined
  onReload: () => void
}) {
  const { kind, parent } = subject
  const start = useMemo(() => {
    const layout = layoutOf(kind.path, parent !== undefined)
    const given = parent && GIVEN[parent.kind.path]
    const shown = shownSchema(schema, { layout, isNew: entity === undefined, given })
    return { schema: shown, layout, row: entity?.row, parentId: parent?.id }
  }, [schema, entity])
  return (
    <EntityForm
      subject={subject}
      entity={entity}
      start={start}
      also={plugin === undefined ? undefined : { name: plugin }}
      onReload={onReload}
    >
      {(form) => <FormBody key="body" form={form} kind={kind} />}
    </EntityForm>
  )
}
