import { toByteString } from '../../lib/byte-string.ts'
import type { HeaderList } from '../../lib/header-list.ts'
import { KONG_VERSION } from '../../lib/version.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { Queue } from '../../pdk/queue.ts'
import { latestQueueFor, type QueueFields, queueConfigOf } from '../logging/delivery.ts'
import { httpEndpointOf, sendBatch } from '../logging/http-endpoint.ts'
import { type Attributes, encodeExport } from './otlp.ts'

/** What a configuration says of collectors. */
export interface ExporterFields extends QueueFields {
  readonly headers: Readonly<Record<string, string>> | null
  readonly resource_attributes: Readonly<Record<string, string>> | null
  readonly connect_timeout: number | null
  readonly send_timeout: number | null
  readonly read_timeout: number | null
}

/** Where a part of what is known goes. */
interface Collector {
  readonly part: 'traces' | 'logs'
  readonly endpoint: string | null
}

/** A queue of encoded spans or log records to a collector; undefined without one. */
export function exporterTo(
  { part, endpoint }: Collector,
  config: ExporterFields,
  kit: Kit,
): Queue<Uint8Array> | undefined {
  const target = endpoint === null ? undefined : httpEndpointOf(endpoint, kit)
  if (target === undefined) return undefined
  const resource: Attributes = {
    'service.name': 'kong',
    ...(kit.node === undefined ? {} : { 'service.instance.id': kit.node.id }),
    'service.version': KONG_VERSION,
    ...config.resource_attributes,
  }
  const headers = headersFor(config)
  return latestQueueFor(kit, {
    part,
    config: queueConfigOf(config),
    send: (batch: readonly Uint8Array[]) =>
      sendBatch(kit, {
        endpoint: target,
        method: 'POST',
        headers,
        body: encodeExport(resource, batch),
        connectTimeout: config.connect_timeout ?? 1000,
        writeTimeout: config.send_timeout ?? 5000,
        timeout: config.read_timeout ?? 5000,
        tlsVerify: true,
        isSuccess: (status) => status === 200,
      }),
  })
}

function headersFor({ headers }: ExporterFields): HeaderList {
  const own = Object.entries(headers ?? {})
  const typed = own.some(([name]) => name.toLowerCase() === 'content-type')
  return [
    ...(typed ? [] : ['Content-Type', 'application/x-protobuf']),
    ...own.flat().map(toByteString),
  ]
}
