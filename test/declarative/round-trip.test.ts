import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { applyDocument, tablesOf } from '../../src/declarative/apply.ts'
import { exportDeclarative } from '../../src/declarative/export.ts'
import { parseDocument } from '../../src/declarative/parse.ts'
import { contextOf } from '../../src/schema/context.ts'
import { createEntityStore } from '../../src/store/entity-store.ts'
import { allEntities } from '../entities.ts'
import { wholeDocument } from './whole.ts'

const runtime = {
  name: 'test',
  now: () => 1795212381759,
  random: () => 0.5,
  uuid: () => crypto.randomUUID(),
  log: () => undefined,
  background: () => undefined,
}

async function openStore() {
  const store = createEntityStore({ entities: allEntities, store: createMemoryStore(), runtime })
  await store.load()
  const apply = (document: unknown) =>
    applyDocument(document, { store, context: contextOf(runtime) })
  const exported = () => exportDeclarative(allEntities, tablesOf(store))
  return { store, apply, exported }
}

/** Text that YAML may take for something else. */
const odd = fc.constantFrom(
  'null',
  '~',
  'yes',
  '1.0',
  '0x1F',
  'a: b',
  '#a',
  '- a',
  "it's",
  '"',
  '{',
)
const tag = fc
  .oneof(odd, fc.string({ minLength: 1, maxLength: 8 }))
  .filter((text) => /^[\x20-\x7e]+$/.test(text) && !/[,/]/.test(text))
const words = fc.record({
  tags: fc.uniqueArray(tag, { maxLength: 3 }),
  username: fc.oneof(odd, fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' })),
  path: fc.constantFrom('/', '/a', '/a-b_c.d~e', '/a:b@c'),
  secret: fc.oneof(odd, fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' })),
})

it('loads what it exported as the very rows that were there', async () => {
  await fc.assert(
    fc.asyncProperty(words, async (chosen) => {
      const [first, second] = await Promise.all([openStore(), openStore()])
      await first.apply(wholeDocument(chosen))
      const text = first.exported()
      await second.apply(parseDocument(text))
      // A credential's seconds to live are whole, so that a load takes one away.
      const settled = (tables: ReturnType<typeof tablesOf>) =>
        JSON.stringify(tables).replaceAll(/"ttl":\d+/g, '"ttl":1')
      expect(settled(tablesOf(second.store))).toBe(settled(tablesOf(first.store)))
      expect(Object.keys(first.store.all('keyauth_credentials')[0] ?? {})).toContain('ttl')
    }),
    { numRuns: 15 },
  )
})

it('does so with something in every table', async () => {
  const { store, apply } = await openStore()
  await apply(wholeDocument({ tags: ['t'], username: 'u', path: '/p', secret: 's' }))
  const tables = allEntities.filter(({ schemaOnly }) => schemaOnly !== true)
  expect(tables.filter(({ name }) => store.all(name).length === 0)).toEqual([])
})
