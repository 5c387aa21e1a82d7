import { encodeBase64Url } from '../../lib/base64.ts'
import { getOwn, isObject } from '../../schema/field.ts'
import type { SessionTimes } from './times.ts'

/** Who was found to ask, and when. */
export interface SessionData extends SessionTimes {
  readonly id: string
  /** What the consumer is called: its username, `custom_id` or id. */
  readonly subject: string
  /** Ids of the consumer and of what it proved itself with. */
  readonly consumer: string
  readonly credential: string
  /** Groups it was told to be in. */
  readonly groups?: readonly string[]
  /** It goes on under another name already; requests on their way still have this one. */
  readonly stale?: boolean
}

/** A name that nobody guesses. */
export function newSessionId(): string {
  return encodeBase64Url(crypto.getRandomValues(new Uint8Array(32)))
}

/** Reads one back from JSON; undefined for anything else. */
export function readSessionData(text: string): SessionData | undefined {
  const value: unknown = JSON.parse(text)
  if (!isObject(value)) return undefined
  const [created, rolled, touched] = numbersIn(value, ['created', 'rolled', 'touched'])
  const [id, subject, consumer, credential] = textsIn(value, [
    'id',
    'subject',
    'consumer',
    'credential',
  ])
  if (created === undefined || rolled === undefined || touched === undefined) return undefined
  if (id === undefined || subject === undefined) return undefined
  if (consumer === undefined || credential === undefined) return undefined
  const groups = getOwn(value, 'groups')
  return {
    ...{ id, subject, consumer, credential, created, rolled, touched },
    ...(Array.isArray(groups) ? { groups: groups.map(String) } : {}),
  }
}

type Values = Readonly<Record<string, unknown>>

function numbersIn(value: Values, names: readonly string[]): (number | undefined)[] {
  return names.map((name) => {
    const one = getOwn(value, name)
    return typeof one === 'number' ? one : undefined
  })
}

function textsIn(value: Values, names: readonly string[]): (string | undefined)[] {
  return names.map((name) => {
    const one = getOwn(value, name)
    return typeof one === 'string' ? one : undefined
  })
}
