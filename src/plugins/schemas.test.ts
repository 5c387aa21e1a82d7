import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { subschemaOf } from '../pdk/plugin.ts'
import { describeEntity, describeSubschema } from '../schema/describe.ts'
import { allPlugins } from './all.ts'

const ownedEntities = allPlugins.flatMap(({ entities }) => entities ?? [])

describe('GET /schemas/plugins/{name}', () => {
  it('knows all that Kong bundles', () => {
    expect(allPlugins).toHaveLength(45)
  })

  it('lists them by priority, equal ones by name descending', () => {
    const ranked = [...allPlugins].sort(
      (a, b) => b.priority - a.priority || (a.name < b.name ? 1 : -1),
    )
    expect(allPlugins.map(({ name }) => name)).toEqual(ranked.map(({ name }) => name))
  })

  it.each(allPlugins.map((plugin) => [plugin.name, plugin] as const))(
    'says of %s what Kong says',
    async (name, plugin) => {
      const kong = await schemaOf(`plugins/${name}`)
      const described = JSON.parse(JSON.stringify(describeSubschema(subschemaOf(plugin))))

      expect(withoutReplacements(described)).toEqual(kong)
    },
  )

  it('has a random secret for sessions', () => {
    const session = allPlugins.find(({ name }) => name === 'session')
    expect(session?.config.fields.secret?.default).toMatch(/^[A-Za-z0-9]{44}$/)
  })

  it('says what deprecated shorthands are replaced with', () => {
    const paths = allPlugins.flatMap(({ name, config }) =>
      Object.entries(config.shorthand_fields ?? {}).flatMap(([field, { deprecation }]) =>
        (deprecation?.replaced_with ?? []).map(({ path }) => `${name}: ${field} ${path.join('.')}`),
      ),
    )
    expect(paths).toContain('rate-limiting: redis_host redis.host')
    expect(paths).toContain('response-ratelimiting: redis_ssl_verify redis.ssl_verify')
    expect(paths).toContain('opentelemetry: endpoint traces_endpoint')
    expect(paths).toHaveLength(19)
  })
})

describe('GET /schemas/{entity}', () => {
  it('knows the tables of all plugins', () => {
    expect(ownedEntities.map(({ name }) => name).sort()).toEqual([
      'acls',
      'acme_storage',
      'basicauth_credentials',
      'hmacauth_credentials',
      'jwt_secrets',
      'keyauth_credentials',
      'oauth2_authorization_codes',
      'oauth2_credentials',
      'oauth2_tokens',
      'ratelimiting_metrics',
      'sessions',
    ])
  })

  it.each(ownedEntities.map((entity) => [entity.name, entity] as const))(
    'says of %s what Kong says',
    async (name, entity) => {
      const described = JSON.parse(JSON.stringify(describeEntity(entity)))
      expect(described).toEqual(await schemaOf(name))
    },
  )
})

async function schemaOf(path: string): Promise<unknown> {
  const file = new URL(`../../test/schemas/${path}.json`, import.meta.url)
  return JSON.parse(await readFile(file, 'utf8'))
}

/** Members that the recorded schemas lack, and a secret that no two processes share. */
function withoutReplacements(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutReplacements)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([word, item]) => [word, reduced(word, item)]),
  )
}

function reduced(word: string, item: unknown): unknown {
  if (word === 'deprecation') {
    const { message: _message, replaced_with: _paths, ...rest } = Object(item)
    return rest
  }
  if (word === 'secret') return { ...Object(item), default: '<random at start, 44 characters>' }
  return withoutReplacements(item)
}
