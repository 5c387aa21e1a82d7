import { textOf } from '../forms/draft.ts'
import { FieldAt } from '../forms/field.tsx'
import { Groups } from '../forms/groups.tsx'
import { hasPath, isTls, partsOfUrl, urlOfParts } from '../forms/service.ts'
import { UrlField } from '../forms/url-field.tsx'
import type { Form } from '../forms/use-form.ts'

const WAYS = [
  { id: 'url', label: 'Full URL' },
  { id: 'parts', label: 'Protocol, Host, Port and Path' },
] as const

/** The service's form: where it is as a URL or in parts, the rest behind a fold. */
export function ServiceBody({ form }: { form: Form }) {
  return (
    <Groups
      form={form}
      own={{
        'Service endpoint': () => <Endpoint form={form} />,
        Advanced: () => <Advanced form={form} />,
      }}
    />
  )
}

function Endpoint({ form }: { form: Form }) {
  const way = textOf(form.get('@endpoint'))
  /** Either way shows what was typed the other way. */
  const choose = (id: string) => {
    const parts = partsOfUrl(textOf(form.get('@url')))
    if (id === 'parts') form.change({ ...parts, '@endpoint': id })
    else form.change({ '@url': urlOfParts(form.draft), '@endpoint': id })
  }
  return (
    <>
      <fieldset class="form-field boxes" key="way">
        <legend>Given as</legend>
        {WAYS.map(({ id, label }) => (
          <label class="check" key={id}>
            <input type="radio" name="endpoint" checked={id === way} onInput={() => choose(id)} />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      {way === 'url' ? <UrlField key="url" form={form} /> : <Parts key="parts" form={form} />}
    </>
  )
}

function Parts({ form }: { form: Form }) {
  const names = ['protocol', 'host', 'port', ...(hasPath(form.settled) ? ['path'] : [])]
  return (
    <>
      {names.map((path) => (
        <FieldAt key={path} form={form} path={path} />
      ))}
    </>
  )
}

/** What is for TLS is shown where it is spoken. */
function Advanced({ form }: { form: Form }) {
  const tls = ['client_certificate', 'tls_verify', 'tls_verify_depth', 'ca_certificates']
  const names = ['retries', 'connect_timeout', 'write_timeout', 'read_timeout', 'enabled']
  return (
    <>
      {[...names, ...(isTls(form.settled) ? tls : [])].map((path) => (
        <FieldAt key={path} form={form} path={path} />
      ))}
    </>
  )
}
