import { type Agent, request as httpRequest } from 'node:http'
import type { Asked } from '../plugins/rows-row.ts'

/** An answer, whole; several lines of a header joined by a comma. */
export interface GotRow {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** How else a request goes. */
export interface AskOptions {
  /** Its connections are used again; one of its own without. */
  readonly agent?: Agent
  /** Told once the request has left. */
  readonly sent?: () => void
}

/** Asks a gateway on this machine, a header with several values in as many lines. */
export function askRow(
  port: number,
  path: string,
  asked: Asked = {},
  { agent, sent }: AskOptions = {},
): Promise<GotRow> {
  const { method = 'GET', path: rest = '', headers = {}, body, chunked } = asked
  const length = body === undefined || chunked ? {} : { 'content-length': Buffer.byteLength(body) }
  const framing = chunked ? { 'transfer-encoding': 'chunked' } : length
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        ...{ host: '127.0.0.1', port, method, path: path + rest, agent: agent ?? false },
        headers: { ...headers, ...framing },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const { statusCode: status = 0, headers: got } = response
          const texts = Object.entries(got).map(([name, value]) => [name, `${value}`])
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status, headers: Object.fromEntries(texts), body: text })
        })
      },
    )
    request.setTimeout(10_000, () => request.destroy(new Error('timed out')))
    request.on('error', reject)
    if (sent !== undefined) request.on('finish', sent)
    request.end(body)
  })
}
