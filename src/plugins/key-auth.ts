import { consumer } from '../entities/consumer.ts'
import { checkHeaderName } from '../entities/texts.ts'
import { toByteString } from '../lib/byte-string.ts'
import { withoutArg } from '../lib/query-arg.ts'
import { type Attempt, authenticating } from '../pdk/authentication.ts'
import type { Exchange } from '../pdk/exchange.ts'
import { refusal } from '../pdk/exit.ts'
import { type Form, readForm } from '../pdk/form.ts'
import { hideInForm } from '../pdk/hide-field.ts'
import type { Entities } from '../pdk/kit.ts'
import { deleteNamedHeader, namedHeaders } from '../pdk/named-header.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { rowOf } from '../schema/entity.ts'
import { getOwn } from '../schema/field.ts'
import { keyAuthCredential } from './key-auth/credential.ts'

/** Authenticates by a key in a header, the query or the body. */
export const keyAuth = definePlugin(
  {
    name: 'key-auth',
    priority: 1250,
    unscoped: ['consumer'],
    about: {
      summary:
        'Lets in whoever sends a key that belongs to a consumer, and tells the upstream who it is.',
      example: { key_names: ['apikey'], hide_credentials: true },
      notes: [
        'A consumer gets a key by `POST /consumers/{consumer}/key-auth`; without a body one is made up.',
        'Keys are compared by look-up in an index of whole keys, so how long a refusal takes tells nothing about a key.',
      ],
    },
    entities: [keyAuthCredential],
    config: {
      type: 'record',
      required: true,
      fields: {
        key_names: {
          type: 'array',
          required: true,
          default: ['apikey'],
          elements: { type: 'string', check: checkHeaderName },
        },
        hide_credentials: { type: 'boolean', required: true, default: false },
        anonymous: { type: 'string' },
        key_in_header: { type: 'boolean', required: true, default: true },
        key_in_query: { type: 'boolean', required: true, default: true },
        key_in_body: { type: 'boolean', required: true, default: false },
        run_on_preflight: { type: 'boolean', required: true, default: true },
        realm: { type: 'string', required: false },
      },
    },
  },
  (config, kit) => {
    const challenge = config.realm === null ? 'Key' : toByteString(`Key realm="${config.realm}"`)
    const refuse = (message: string) => refusal(401, message, ['WWW-Authenticate', challenge])
    const attempt = (exchange: Exchange, form: Form | undefined): Attempt => {
      const found = findKey(config, exchange, form)
      if (found === undefined) return refuse('No API key found in request')
      if (found.key === undefined) return refuse('Duplicate API key found')
      if (config.hide_credentials) hide(exchange, found, form)
      if (found.key === '') return refuse('No API key found in request')
      return identityOf(kit.entities, found.key) ?? refuse('Unauthorized')
    }

    return authenticating(config, kit, (exchange) => {
      if (!config.key_in_body || !exchange.request.hasBody) return attempt(exchange, undefined)
      return readForm(exchange, kit.bodyLimit).then((form) => attempt(exchange, form))
    })
  },
)

interface KeyPlaces {
  readonly key_names: readonly string[]
  readonly key_in_header: boolean
  readonly key_in_query: boolean
}

/** A key, which may be empty, and its name; no key when there were several. */
interface Found {
  readonly name: string
  readonly key: string | undefined
}

/** Kong: name by name; what the headers have of a name hides the query, and that the body. */
function findKey(
  config: KeyPlaces,
  { request }: Exchange,
  form: Form | undefined,
): Found | undefined {
  for (const name of config.key_names) {
    let values: readonly unknown[] = config.key_in_header ? namedHeaders(request.headers, name) : []
    if (values.length === 0 && config.key_in_query) values = request.queryArg(name)
    if (values.length === 0 && form !== undefined) values = valuesIn(form, name)
    const [key] = values
    // Kong: a list or a map in a body is several keys, whatever is in it.
    if (values.length > 1 || (typeof key === 'object' && key !== null)) {
      return { name, key: undefined }
    }
    if (typeof key === 'string') return { name, key }
  }
  return undefined
}

function valuesIn({ kind, fields }: Form, name: string): readonly unknown[] {
  const value = getOwn(fields, name)
  if (value === undefined || value === false) return []
  return Array.isArray(value) && kind === 'urlencoded' ? value : [value]
}

/** Kong: wherever it was found, it is hidden everywhere. */
function hide({ upstream }: Exchange, { name }: Found, form: Form | undefined): void {
  deleteNamedHeader(upstream.headers, name)
  const { rawQuery } = upstream
  if (rawQuery !== '') upstream.rawQuery = withoutArg(rawQuery, toByteString(name))
  hideInForm(upstream, name, form)
}

function identityOf(entities: Entities, key: string): Attempt | undefined {
  const row = entities.getBy('keyauth_credentials', 'key', key)
  if (row === undefined) return undefined
  const owner = entities.get('consumers', rowOf(keyAuthCredential, row).consumer.id)
  if (owner === undefined) return undefined
  return { consumer: rowOf(consumer, owner), credential: row, identifier: row.id }
}
