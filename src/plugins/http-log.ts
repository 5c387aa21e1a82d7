import { checkHeaderName } from '../entities/texts.ts'
import { toByteString } from '../lib/byte-string.ts'
import type { HeaderList } from '../lib/header-list.ts'
import { definePlugin } from '../pdk/plugin.ts'
import type { QueueConfig } from '../pdk/queue.ts'
import { isObject } from '../schema/field.ts'
import { legacyQueueFields, queue } from './fields/queue.ts'
import { checkUrl } from './fields/url.ts'
import { type Entry, logHooks } from './logging/custom-fields.ts'
import { latestQueueFor, queueConfigOf } from './logging/delivery.ts'
import { httpEndpointOf, sendBatch } from './logging/http-endpoint.ts'
import { customFieldsByLua } from './logging/log-fields.ts'
import { logPlugin } from './logging/log-plugin.ts'
import { sharedQueueFor } from './logging/shared-queue.ts'

/** Sends log entries to an HTTP server. */
export const httpLog = definePlugin(
  logPlugin({
    name: 'http-log',
    priority: 12,
    about: {
      summary: 'Sends entries of JSON to an HTTP server, one by one or many at once.',
      example: {
        http_endpoint: 'http://127.0.0.1:8080/logs',
        queue: { max_batch_size: 100, max_coalescing_delay: 1 },
      },
      notes: [
        'With a `max_batch_size` of 1 a body is one object, with more it is an array. User info in the URL becomes an `Authorization: Basic` header.',
        'Plugins whose settings are the same, but for `custom_fields_by_lua`, gather what they send together.',
        'What the server does not take (no answer, or a status from 300 on) is tried again for `queue.max_retry_time` seconds, later and later. Entries that are given up are counted in the log.',
        'How long connections are kept is the transport’s to say, whatever `keepalive` is. As in Kong the certificate of an `https` server is not verified, where the runtime can do without.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        http_endpoint: {
          type: 'string',
          required: true,
          referenceable: true,
          encrypted: true,
          check: checkUrl,
        },
        method: { type: 'string', default: 'POST', one_of: ['POST', 'PUT', 'PATCH'] },
        content_type: {
          type: 'string',
          default: 'application/json',
          one_of: ['application/json', 'application/json; charset=utf-8'],
        },
        timeout: { type: 'number', default: 10000 },
        keepalive: { type: 'number', default: 60000 },
        ...legacyQueueFields('http-log'),
        headers: {
          type: 'map',
          keys: {
            type: 'string',
            check: checkHeaderName,
            match_none: [
              { err: "cannot contain 'Host' header", pattern: '^[Hh][Oo][Ss][Tt]$' },
              {
                err: "cannot contain 'Content-Length' header",
                pattern: '^[Cc][Oo][Nn][Tt][Ee][Nn][Tt]%-[Ll][Ee][nn][Gg][Tt][Hh]$',
              },
              {
                err: "cannot contain 'Content-Type' header",
                pattern: '^[Cc][Oo][Nn][Tt][Ee][Nn][Tt]%-[Tt][Yy][Pp][Ee]$',
              },
            ],
          },
          values: { type: 'string', referenceable: true },
        },
        queue,
        custom_fields_by_lua: customFieldsByLua,
      },
      check: checkAuthorization,
    },
  }),
  (config, kit) => {
    const endpoint = httpEndpointOf(config.http_endpoint, kit)
    if (endpoint === undefined) return {}
    const queueConfig = queueConfigOf(config)
    const headers = headersFor(config)
    const single = queueConfig.max_batch_size === 1
    const send = (batch: readonly string[]) =>
      sendBatch(kit, {
        endpoint,
        method: config.method ?? 'POST',
        headers,
        body: encoder.encode(single ? batch.join('') : `[${batch.join(',')}]`),
        timeout: config.timeout ?? 10_000,
        tlsVerify: false,
        isSuccess: (status) => status < 300,
      })
    const part = serverKey(config)
    const make = () => latestQueueFor(kit, { config: queueConfig, send, part })
    const queue = sharedQueueFor(kit, { key: sharingKey(config, queueConfig), make })
    const write = (entry: Entry): void => {
      const text = JSON.stringify(entry)
      queue.add(text, text.length)
    }
    return {
      ...logHooks({ config, kit, write }),
      close: (why) => queue.close(why),
    }
  },
)

const encoder = new TextEncoder()

/** Kong: who sends to one server with one method, type, timeouts and count of retries shares a queue. */
function serverKey(config: SharingFields): string {
  const { http_endpoint, method, content_type, timeout, keepalive, retry_count } = config
  return JSON.stringify([http_endpoint, method, content_type, timeout, keepalive, retry_count])
}

/** Ours: the headers, which may hold a key, and the queue's settings must be the same too. */
function sharingKey(config: SharingFields, queue: QueueConfig): string {
  return `${serverKey(config)}${JSON.stringify([config.headers, queue])}`
}

interface SharingFields extends HeaderFields {
  readonly http_endpoint: string
  readonly method: string | null
  readonly timeout: number | null
  readonly keepalive: number | null
  readonly retry_count: number | null
}

interface HeaderFields {
  readonly content_type: string | null
  readonly headers: Readonly<Record<string, string>> | null
}

function headersFor({ content_type, headers }: HeaderFields): HeaderList {
  const typed = ['Content-Type', content_type ?? 'application/json']
  return [
    ...typed,
    ...Object.entries(headers ?? {})
      .flat()
      .map(toByteString),
  ]
}

/** The user info of the URL becomes an Authorization header, so there must be no other. */
function checkAuthorization(config: Readonly<Record<string, unknown>>): string | undefined {
  const { http_endpoint: endpoint, headers } = config
  const userInfo = typeof endpoint === 'string' && /^[^:/?#]*:?\/\/[^/?#]*@/.test(endpoint)
  const names = isObject(headers) ? Object.keys(headers) : []
  return userInfo && names.some((name) => name.toLowerCase() === 'authorization')
    ? "specifying both an 'Authorization' header and user info in 'http_endpoint' is not allowed"
    : undefined
}
