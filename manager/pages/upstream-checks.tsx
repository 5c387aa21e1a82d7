import { FieldAt } from '../forms/field.tsx'
import { type CheckKind, switched } from '../forms/upstream.ts'
import type { Form } from '../forms/use-form.ts'
import { Switch } from '../parts/switch.tsx'

/** Health checks by probes and by traffic, each with a switch. */
export function HealthChecks({ form }: { form: Form }) {
  return (
    <>
      <Checks key="active" form={form} kind="active" label="Active health checks" />
      <Checks key="passive" form={form} kind="passive" label="Passive health checks" />
      <FieldAt key="threshold" form={form} path="healthchecks.threshold" />
    </>
  )
}

function Checks({ form, kind, label }: { form: Form; kind: CheckKind; label: string }) {
  const on = form.get(`@${kind}`) === true
  return (
    <div class="checks">
      <Switch
        label={label}
        checked={on}
        onChange={(next) => form.change(switched(form.draft, kind, next))}
      />
      {on ? <CheckFields key="fields" form={form} kind={kind} /> : null}
    </div>
  )
}

function CheckFields({ form, kind }: { form: Form; kind: CheckKind }) {
  const base = `healthchecks.${kind}`
  const type = form.get(`${base}.type`)
  return (
    <>
      <div class="fields" key="own">
        {ownFields(kind, String(type)).map((name) => (
          <FieldAt key={name} form={form} path={`${base}.${name}`} />
        ))}
      </div>
      <fieldset class="form-field" key="healthy">
        <legend>Healthy</legend>
        {sideFields(form, `${base}.healthy`, type !== 'tcp')}
      </fieldset>
      <fieldset class="form-field" key="unhealthy">
        <legend>Unhealthy</legend>
        {sideFields(form, `${base}.unhealthy`, type !== 'tcp')}
      </fieldset>
    </>
  )
}

/** What is only for TLS or HTTP is shown for them alone. */
function ownFields(kind: CheckKind, type: string): readonly string[] {
  if (kind === 'passive') return ['type']
  return [
    'type',
    ...(type === 'https' || type === 'grpcs' ? ['https_sni', 'https_verify_certificate'] : []),
    ...(type === 'tcp' ? [] : ['http_path']),
    'timeout',
    'concurrency',
    ...(type === 'tcp' ? [] : ['headers']),
  ]
}

function sideFields(form: Form, base: string, isHttp: boolean) {
  const names = ['interval', 'successes', 'tcp_failures', 'timeouts']
  const more = isHttp ? ['http_failures', 'http_statuses'] : []
  return (
    <div class="fields">
      {[...names, ...more].map((name) => (
        <FieldAt key={name} form={form} path={`${base}.${name}`} />
      ))}
    </div>
  )
}
