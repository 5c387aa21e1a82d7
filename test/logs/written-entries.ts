import type { fakeFiles, fakeSockets, fakeSyslog } from './fake-outlets.ts'

/** Where log plugins write. */
export interface Outlets {
  readonly sent: readonly { readonly host: string; readonly body?: unknown }[]
  readonly files: ReturnType<typeof fakeFiles>
  readonly sockets: ReturnType<typeof fakeSockets>
  readonly syslog: ReturnType<typeof fakeSyslog>
}

/** What all of them were written, as JSON; of what was posted, what went to the host `collector`. */
export function writtenEntries({
  sent,
  files,
  sockets,
  syslog,
}: Outlets): Record<string, unknown>[] {
  const posted = sent.filter(({ host }) => host === 'collector')
  const texts = [
    ...posted.map(({ body }) => new TextDecoder().decode(body as Uint8Array)),
    ...files.appended.map(({ text }) => text),
    ...sockets.opened.flatMap(({ written }) => written),
    ...sockets.datagrams.map(({ text }) => text.slice(text.indexOf('{'))),
    ...syslog.written.map(({ line }) => line),
  ]
  return texts.map((text) => JSON.parse(text))
}
