import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'

/** An answer, whole. */
export interface Got {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  readonly bytes: Buffer
}

/** What to send; a string body goes out with its length. */
export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** Milliseconds before the request is given up. */
  readonly patience?: number
}

/** Sends one request on a connection of its own. */
export function ask(url: string, options: Ask = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      url,
      { method: options.method ?? 'GET', headers: options.headers, agent: false },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const bytes = Buffer.concat(chunks)
          const { statusCode = 0, headers } = response
          resolve({ status: statusCode, headers, body: bytes.toString('utf8'), bytes })
        })
      },
    )
    request.setTimeout(options.patience ?? 10_000, () => request.destroy(new Error('timed out')))
    request.on('error', reject)
    request.end(options.body)
  })
}

/** A form body as curl's `--data` sends it. */
export function form(body: string, method = 'POST'): Ask {
  return { method, body, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }
}

/** A JSON body as HTTPie sends it. */
export function json(value: unknown, method = 'POST'): Ask {
  return { method, body: JSON.stringify(value), headers: { 'Content-Type': 'application/json' } }
}

/** Writes raw bytes and reads until the other side closes or falls silent for `silence` ms. */
export function raw(port: number, bytes: string | Buffer, silence = 500): Promise<string> {
  return new Promise((resolve) => {
    let got = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    const done = (): void => {
      socket.destroy()
      resolve(got)
    }
    socket.setTimeout(silence, done)
    socket.on('data', (chunk) => {
      got += chunk.toString('latin1')
    })
    socket.on('error', done)
    socket.on('close', done)
  })
}

/** Asks again until the answer pleases, at most `patience` ms; the last answer if it never does. */
export async function until<G>(
  look: () => Promise<G>,
  pleases: (got: G) => boolean,
  patience = 5000,
): Promise<G> {
  const end = Date.now() + patience
  for (;;) {
    const got = await look()
    if (pleases(got) || Date.now() > end) return got
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
