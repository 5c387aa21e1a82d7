import { compareAll, type DeckChange } from './deck-diff.ts'
import { collect, fillAll, type Item, schemaReader, tagsOf } from './deck-file.ts'
import { type DeckKind, kindNamed } from './deck-kinds.ts'
import { ping, readAll, type Send, type State, soft, strictly } from './deck-read.ts'
import { isJson, type Json, withoutNulls } from './deck-schema.ts'

/** decK's commands. */
export interface Deck {
  sync(file: Json): Promise<readonly DeckChange[]>
  diff(file: Json): Promise<readonly DeckChange[]>
  /** What is not valid in the file, entity by entity. */
  validate(file: Json): Promise<readonly string[]>
  reset(): Promise<void>
  /** Every request so far, as `GET /services?size=1000`. */
  readonly requests: readonly string[]
}

/** A client that makes decK's requests to the letter, and computes decK's diff. */
export function createDeck(ask: Send): Deck {
  const requests: string[] = []
  const send: Send = (method, path, body) => {
    requests.push(`${method} ${path}`)
    return ask(method, path, body)
  }
  const plan = async (file: Json) => {
    await ping(send)
    const tags = tagsOf(file)
    const state = await readAll(send, tags)
    const schemas = schemaReader(send)
    const wanted = await fillAll(collect(file, state, tags), schemas, file)
    return { state, wanted, changes: await compareAll(wanted, state, schemas) }
  }
  return {
    requests,
    diff: async (file) => (await plan(file)).changes,
    async sync(file) {
      const { state, wanted, changes } = await plan(file)
      await apply(send, changes, wanted, state)
      return changes
    },
    async validate(file) {
      const schemas = schemaReader(send)
      const wanted = await fillAll(collect(file, new Map(), tagsOf(file)), schemas, file)
      const answers = wanted.map(async ({ kind, value }) => {
        const { status, body } = await send(
          'POST',
          `/schemas/${kind.table}/validate`,
          bodyOf(value),
        )
        return status === 200 || status === 201 ? [] : [`${kind.table}: ${JSON.stringify(body)}`]
      })
      return (await Promise.all(answers)).flat()
    },
    async reset() {
      await ping(send)
      const state = await readAll(send, [])
      await Promise.all(['/cloned-plugins', '/custom-plugins'].map((path) => soft(send, path)))
      const changes = await compareAll([], state, schemaReader(send))
      await apply(send, changes, [], state)
    },
  }
}

/** Writes level by level, all of one level at once; then deletes in reverse. */
async function apply(
  send: Send,
  changes: readonly DeckChange[],
  wanted: readonly Item[],
  state: State,
): Promise<void> {
  for (const level of [1, 2, 3, 4]) {
    const writes = changes.filter(
      ({ action, table }) => action !== 'delete' && kindNamed(table).level === level,
    )
    await Promise.all(
      writes.map(async (change) => {
        const item = wanted.find(({ kind, id }) => kind.table === change.table && id === change.id)
        const row = (state.get(change.table) ?? []).find(({ id }) => id === change.id)
        if (item !== undefined) await put(send, item, row)
      }),
    )
  }
  for (const level of [4, 3, 2, 1]) {
    const deletes = changes.filter(
      ({ action, table }) => action === 'delete' && kindNamed(table).level === level,
    )
    for (const { table, id } of deletes) {
      const row = (state.get(table) ?? []).find((one) => one.id === id) ?? {}
      const { status } = await send('DELETE', `${collectionOf(kindNamed(table), row)}/${id}`)
      if (status >= 300) throw new Error(`DELETE ${table} ${id}: ${status}`)
    }
  }
}

async function put(
  send: Send,
  { kind, id, value }: Item,
  current: Json | undefined,
): Promise<void> {
  const snis = kind.table === 'certificates' && current !== undefined ? { snis: current.snis } : {}
  const created = current === undefined ? {} : { created_at: current.created_at }
  const body = { ...bodyOf(value), ...created, ...snis }
  const collection = collectionOf(kind, value)
  let answer = await send('PUT', `${collection}/${id}`, body)
  if (kind.table === 'targets' && answer.status === 404)
    answer = await send('POST', collection, body)
  if (answer.status !== 200 && answer.status !== 201)
    throw new Error(`${kind.table} ${JSON.stringify(body)}: ${JSON.stringify(answer.body)}`)
  strictly(kind, isJson(answer.body) ? answer.body : {})
}

/** Unset members are absent, but a plugin's config goes as the file has it. */
function bodyOf({ config, ...members }: Json): Json {
  return { ...withoutNulls(members), ...(config !== undefined && { config }) }
}

function collectionOf({ list, below }: DeckKind, members: Json): string {
  if (below === undefined) return list
  const parent = members[below.ref]
  return `${below.path}/${isJson(parent) ? parent.id : ''}/${below.segment}`
}
