import { bytesOf } from '../lib/latin1.ts'
import { writeMultipart } from '../lib/multipart.ts'
import type { UpstreamSide } from './exchange.ts'
import type { Form } from './form.ts'

/** Takes what proved who somebody is out of the query and the form that go to the upstream. */
export function hideField(upstream: UpstreamSide, name: string, form: Form | undefined): void {
  const { rawQuery } = upstream
  if (rawQuery !== '') upstream.rawQuery = withoutPair(rawQuery, name)
  hideInForm(upstream, name, form)
}

/** Takes a field out of the form that goes to the upstream. */
export function hideInForm(upstream: UpstreamSide, name: string, form: Form | undefined): void {
  if (form !== undefined && Object.hasOwn(form.fields, name)) {
    upstream.setBody(withoutField(form, name))
  }
}

function withoutPair(query: string, name: string): string {
  return query
    .split('&')
    .filter((pair) => !new URLSearchParams(pair).has(name))
    .join('&')
}

function withoutField({ kind, fields, multipart }: Form, name: string): Uint8Array {
  if (multipart !== undefined) {
    const parts = multipart.parts.filter((part) => part.name !== name)
    return bytesOf(writeMultipart(parts, multipart.boundary))
  }
  const kept = Object.entries(fields).filter(([field]) => field !== name)
  const text =
    kind === 'json'
      ? JSON.stringify(Object.fromEntries(kept))
      : new URLSearchParams(kept.flatMap(pairsOf)).toString()
  return new TextEncoder().encode(text)
}

function pairsOf([name, value]: readonly [string, unknown]): [string, string][] {
  const values = Array.isArray(value) ? value : [value]
  return values.map((one) => [name, String(one)])
}
