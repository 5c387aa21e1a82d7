import { Groups } from '../forms/groups.tsx'
import type { Form } from '../forms/use-form.ts'
import type { Kind } from '../kinds.ts'
import { PluginBody } from './plugin-form.tsx'
import { ServiceBody } from './service-form.tsx'
import { UpstreamBody } from './upstream-form.tsx'

/** The fields of a kind; those that need more than a list have a page of their own. */
export function FormBody({ form, kind }: { form: Form; kind: Kind }) {
  switch (kind.path) {
    case 'upstreams':
      return <UpstreamBody form={form} />
    case 'services':
      return <ServiceBody form={form} />
    case 'plugins':
      return <PluginBody form={form} />
    default:
      return <Groups form={form} />
  }
}
