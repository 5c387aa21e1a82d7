import { type Plugin, subschemaOf } from '../pdk/plugin.ts'
import type { Entity } from '../schema/entity.ts'
import type { EntityCheck, Fields } from '../schema/field.ts'
import { fieldsOf } from '../schema/kind.ts'
import { adminMembers } from './admin-members.ts'
import { type Form, type JsonSchema, objectSchema, type SchemaContext } from './json-schema.ts'
import { checkText } from './rule-text.ts'

type Schemas = Readonly<Record<string, JsonSchema>>

/** A reference to one of the document's schemas. */
export function schemaRef(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` }
}

/**
 * Every entity's schemas: `services` as it is shown, `services.new` as it is sent, `services.patch` as
 * it is changed, `services.page` for a page of them; and `plugin.<name>` with its config.
 */
export function entitySchemas(entities: readonly Entity[], plugins: readonly Plugin[]): Schemas {
  const contexts = contextsFor(entities)
  return Object.assign(
    {},
    ...entities.map((entity) => ({
      [entity.name]: entitySchema(entity, contexts.row),
      [`${entity.name}.new`]:
        entity.name === 'plugins' ? anyPlugin(plugins) : entitySchema(entity, contexts.new),
      [`${entity.name}.patch`]: entitySchema(entity, contexts.patch),
      [`${entity.name}.page`]: pageSchema(entity),
    })),
    ...entities.filter(({ name }) => name === 'plugins').flatMap(pluginSchemas(plugins, contexts)),
  )
}

function contextsFor(entities: readonly Entity[]): Readonly<Record<Form, SchemaContext>> {
  const namesOf = (table: string) => {
    const entity = entities.find(({ name }) => name === table)
    return Object.entries(entity?.fields ?? {}).flatMap(([name, { unique }]) =>
      unique === true ? [name] : [],
    )
  }
  return {
    new: { form: 'new', namesOf },
    patch: { form: 'patch', namesOf },
    row: { form: 'row', namesOf },
  }
}

function entitySchema(entity: Entity, context: SchemaContext): JsonSchema {
  const fields = { ...entity.fields, ...adminMembers(entity) }
  const shorthands = shorthandsOf(entity)
  const sent = context.form === 'row' ? {} : shorthands
  const schema = objectSchema({ fields, shorthands: sent }, context)
  const whole = Object.keys(sent).length === 0 ? schema : withAlternatives(schema, sent)
  return { ...whole, ...described(entity.entityChecks) }
}

function shorthandsOf({ shorthands = {} }: Entity): Fields {
  return Object.fromEntries(Object.entries(shorthands).map(([name, { field }]) => [name, field]))
}

/** A shorthand, such as a service's `url`, may stand for what must be sent otherwise. */
function withAlternatives({ required, ...schema }: JsonSchema, shorthands: Fields): JsonSchema {
  if (required === undefined) return schema
  const others = Object.keys(shorthands).map((name) => ({ required: [name] }))
  return { ...schema, anyOf: [{ required }, ...others] }
}

function described(checks: readonly EntityCheck[] = []): JsonSchema {
  const texts = checks.map(checkText).filter((text) => text !== undefined)
  return texts.length === 0 ? {} : { description: `${texts.join('. ')}.` }
}

function pageSchema({ name }: Entity): JsonSchema {
  return {
    type: 'object',
    properties: {
      data: { type: 'array', items: schemaRef(name) },
      next: { type: ['string', 'null'], description: 'The path of the next page.' },
      offset: { type: 'string', description: 'Where the next page begins.' },
    },
    required: ['data', 'next'],
  }
}

function anyPlugin(plugins: readonly Plugin[]): JsonSchema {
  if (plugins.length === 0) return { type: 'object' }
  return {
    oneOf: plugins.map(({ name }) => schemaRef(`plugin.${name}`)),
    discriminator: {
      propertyName: 'name',
      mapping: Object.fromEntries(
        plugins.map(({ name }) => [name, schemaRef(`plugin.${name}`).$ref]),
      ),
    },
  }
}

/** A plugin whole, and its config by itself. */
function pluginSchemas(
  plugins: readonly Plugin[],
  contexts: Readonly<Record<Form, SchemaContext>>,
) {
  return (entity: Entity): Schemas[] =>
    plugins.map((plugin) => {
      const { config, ...fields } = fieldsOf(entity, subschemaOf(plugin))
      const { properties, ...rest } = objectSchema({ fields, shorthands: {} }, contexts.new)
      const named = { ...(properties as JsonSchema), name: { const: plugin.name } } // an object's
      const { shorthand_fields: shorthands = {} } = plugin.config
      const configSchema = objectSchema({ fields: plugin.config.fields, shorthands }, contexts.new)
      return {
        [`plugin.${plugin.name}`]: {
          ...rest,
          properties: { ...named, config: schemaRef(`plugin.${plugin.name}.config`) },
          ...described(plugin.entityChecks),
        },
        [`plugin.${plugin.name}.config`]: configSchema,
      }
    })
}
