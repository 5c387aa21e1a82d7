import { createRecentMap } from '../../lib/recent-map.ts'
import { createSeal, type Seal } from '../../lib/sealed-text.ts'
import type { Kit } from '../../pdk/kit.ts'
import { rowOf } from '../../schema/entity.ts'
import { readSessionData, type SessionData } from './data.ts'
import { sessionRecord } from './record.ts'

/** Keeps sessions between requests. What it cannot write, it rejects. */
export interface SessionStorage {
  /** What a cookie stands for. */
  find(cookie: string): Promise<SessionData | undefined>
  /** Keeps a new one for some seconds, undefined for ever, and says what its cookie is. */
  save(session: SessionData, seconds: number | undefined): Promise<string>
  /** Notes that one was seen; gives a cookie where that has to change. */
  touch(session: SessionData, seconds: number | undefined): Promise<string | undefined>
  /** Ends one after so many seconds: requests that are on their way still have the old cookie. */
  end(session: SessionData, seconds: number): Promise<void>
}

/** Where and how sessions are kept. */
export interface StorageChoice {
  readonly storage: 'cookie' | 'kong' | null
  readonly secret: string
  /** Whose cookies none else may be taken for. */
  readonly purpose: string
  readonly entities: Kit['entities']
}

/** Keeps them in the cookie itself, or as rows that the cookie names. */
export function createSessionStorage(choice: StorageChoice): SessionStorage {
  const seal = remembering(createSeal(choice.secret, choice.purpose))
  return choice.storage === 'kong' ? inRows(seal, choice.entities) : inCookies(seal)
}

const MOST_REMEMBERED = 1000
const LONGEST_REMEMBERED = 4096

/** What was opened once is not opened again at each request; it is only what the text itself says. */
function remembering({ seal, open }: Seal): Seal {
  const opened = createRecentMap<string, string>(MOST_REMEMBERED)
  return {
    seal,
    async open(sealed) {
      const known = opened.get(sealed)
      if (known !== undefined) return known
      const text = await open(sealed)
      if (text !== undefined && sealed.length <= LONGEST_REMEMBERED) opened.set(sealed, text)
      return text
    },
  }
}

function inCookies(seal: Seal): SessionStorage {
  const save = (session: SessionData): Promise<string> => seal.seal(JSON.stringify(session))
  return {
    async find(cookie) {
      const text = await seal.open(cookie)
      return text === undefined ? undefined : readSessionData(text)
    },
    save,
    touch: save,
    // Nobody can take a cookie back.
    end: async () => {},
  }
}

const TABLE = 'sessions'

/** Stands in `expires` of a row whose session goes on under another name. */
const RENEWED = 0

/** The name alone goes into the cookie; the rest stays in the row, sealed for whoever else reads tables. */
function inRows(seal: Seal, entities: Kit['entities']): SessionStorage {
  const rowNamed = (id: string) => entities.getBy(TABLE, 'session_id', id)
  const lifetime = ({ touched }: SessionData, seconds: number | undefined) => ({
    expires: seconds === undefined ? null : touched + seconds,
    ttl: Math.max(seconds ?? 0, 0),
  })
  return {
    async find(cookie) {
      const id = await seal.open(cookie)
      const row = id === undefined ? undefined : rowNamed(id)
      if (row === undefined) return undefined
      const { data, expires } = rowOf(sessionRecord, row)
      const text = data === null ? undefined : await seal.open(data)
      const session = text === undefined ? undefined : readSessionData(text)
      if (session === undefined || session.id !== id) return undefined
      return expires === RENEWED ? { ...session, stale: true } : session
    },
    async save(session, seconds) {
      const data = await seal.seal(JSON.stringify(session))
      await entities.insert(TABLE, { session_id: session.id, data, ...lifetime(session, seconds) })
      return seal.seal(session.id)
    },
    async touch(session, seconds) {
      const row = rowNamed(session.id)
      if (row === undefined) return undefined
      const data = await seal.seal(JSON.stringify(session))
      await entities.update(TABLE, row.id, { data, ...lifetime(session, seconds) })
      return undefined
    },
    async end({ id }, seconds) {
      const row = rowNamed(id)
      if (row === undefined) return
      if (seconds > 0) {
        await entities.update(TABLE, row.id, { expires: RENEWED, ttl: Math.ceil(seconds) })
      } else await entities.remove(TABLE, row.id)
    },
  }
}
