import type { Incoming, Outgoing } from '../../src/ports/transport.ts'
import { type FakeFiles, fakeFiles } from '../logs/fake-outlets.ts'
import { type Asked, openGateway, type Rig } from '../plugins/open-gateway.ts'
import { type Answering, incoming } from '../proxy/fakes.ts'

/** A gateway whose one route has AI plugins, and a log in a fake file. */
export interface ChatRig extends Rig {
  readonly files: FakeFiles
  /** Sends a body: JSON of a value, or a text as it is. */
  send(body: unknown, given?: { path?: string; headers?: Record<string, string> }): Promise<Asked>
}

/** Opens it. Upstreams and models answer alike, as `upstream` says. */
export async function openChat(
  plugins: readonly Readonly<Record<string, unknown>>[],
  upstream?: Answering,
  config?: Readonly<Record<string, unknown>>,
  variables?: Readonly<Record<string, string>>,
): Promise<ChatRig> {
  const files = fakeFiles()
  const log = { name: 'file-log', config: { path: '/log' } }
  const rig = await openGateway({
    plugins_of_route: [...plugins, log],
    files,
    ...(upstream === undefined ? {} : { upstream }),
    ...(config === undefined ? {} : { config }),
    ...(variables === undefined ? {} : { variables }),
  })
  return {
    ...rig,
    files,
    send: (body, { path = '/', headers = {} } = {}) =>
      rig.ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  }
}

/** The body of a request that was sent, as JSON; the last one's unless said. */
export function sentBody({ transport }: Rig, index = -1): unknown {
  return JSON.parse(sentText(transport.sent.at(index)))
}

/** The same as a text. */
export function sentText(sent: Outgoing | undefined): string {
  return new TextDecoder().decode(sent?.body instanceof Uint8Array ? sent.body : undefined)
}

/** A model's answer. */
export function says(value: unknown, headers: readonly string[] = [], status = 200): Incoming {
  const body = typeof value === 'string' ? value : JSON.stringify(value)
  const list = ['Content-Type', 'application/json', ...headers]
  return incoming({ status, body, headers: [...list, 'Content-Length', `${body.length}`] })
}

/** A stream in chunks of so many bytes. */
export async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** What is written of the requests so far under `ai`. */
export function aiLogs({ files }: ChatRig): unknown[] {
  const text = files.appended.map((one) => one.text).join('')
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).ai]))
}
