import { toByteString } from '../../lib/byte-string.ts'
import type { MutableHeaders } from '../../pdk/headers.ts'
import type { SessionData } from './data.ts'
import type { TimeLeft } from './times.ts'

/** What may be told of a session, by the words of the configuration. */
const NAMES = {
  id: 'Session-Id',
  audience: 'Session-Audience',
  subject: 'Session-Subject',
  timeout: 'Session-Timeout',
  'idling-timeout': 'Session-Idling-Timeout',
  'rolling-timeout': 'Session-Rolling-Timeout',
  'absolute-timeout': 'Session-Absolute-Timeout',
} as const

/** One of those words. */
export type ShownHeader = keyof typeof NAMES

/** What headers are made of. */
export interface Shown {
  readonly session: SessionData
  readonly audience: string
  readonly left: TimeLeft
}

/** Tells of a session what is asked for; of none, takes away what others say. */
export function showSession(
  headers: MutableHeaders,
  asked: readonly ShownHeader[] | null,
  shown: Shown | undefined,
): void {
  for (const word of asked ?? []) {
    const value = shown && tellOf(word, shown)
    if (value === undefined) headers.delete(NAMES[word])
    else headers.set(NAMES[word], toByteString(`${value}`))
  }
}

function tellOf(
  word: ShownHeader,
  { session, audience, left }: Shown,
): string | number | undefined {
  switch (word) {
    case 'id':
      return session.id
    case 'audience':
      return audience
    case 'subject':
      return session.subject
    case 'timeout':
      return left.all
    case 'idling-timeout':
      return left.idling
    case 'rolling-timeout':
      return left.rolling
    case 'absolute-timeout':
      return left.absolute
  }
}
