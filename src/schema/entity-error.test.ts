import { describe, expect, it } from 'vitest'
import { entityErrors } from './entity-error.ts'

const id = '5f2be09e-de92-5059-859b-a01b35cf0d4a'

describe('entityErrors', () => {
  it.each([
    [
      entityErrors.invalidPrimaryKey(),
      400,
      {
        code: 1,
        name: 'invalid primary key',
        message: `invalid primary key: '{id="expected a valid UUID"}'`,
        fields: { id: 'expected a valid UUID' },
      },
    ],
    [
      entityErrors.schemaViolation({ host: 'required field missing' }),
      400,
      {
        code: 2,
        name: 'schema violation',
        message: 'schema violation (host: required field missing)',
        fields: { host: 'required field missing' },
      },
    ],
    [
      entityErrors.primaryKeyViolation({ id }),
      400,
      {
        code: 3,
        name: 'primary key violation',
        message: `primary key violation on key '{id="${id}"}'`,
        fields: { id },
      },
    ],
    [
      entityErrors.foreignKeyViolation('service', 'services', { id }),
      400,
      {
        code: 4,
        name: 'foreign key violation',
        message: `the foreign key '{id="${id}"}' does not reference an existing 'services' entity.`,
        fields: { service: { id } },
      },
    ],
    [
      entityErrors.foreignKeyRestricted('services', 'routes'),
      400,
      {
        code: 4,
        name: 'foreign key violation',
        message: "an existing 'routes' entity references this 'services' entity",
        fields: { '@referenced_by': 'routes' },
      },
    ],
    [
      entityErrors.uniqueViolation({ upstream: { id }, target: '1.2.3.4:80' }),
      409,
      {
        code: 5,
        name: 'unique constraint violation',
        message: `UNIQUE violation detected on '{target="1.2.3.4:80",upstream={id="${id}"}}'`,
        fields: { upstream: { id }, target: '1.2.3.4:80' },
      },
    ],
    [
      entityErrors.notFoundById({ id }),
      404,
      {
        code: 6,
        name: 'not found',
        message: `could not find the entity with primary key '{id="${id}"}'`,
        fields: { id },
      },
    ],
    [
      entityErrors.notFoundByKey({ name: 'x' }),
      404,
      {
        code: 6,
        name: 'not found',
        message: `could not find the entity with '{name="x"}'`,
        fields: { name: 'x' },
      },
    ],
    [
      entityErrors.invalidOffset('x', 'bad base64 encoding'),
      400,
      {
        code: 7,
        name: 'invalid offset',
        message: "'x' is not a valid offset: bad base64 encoding",
      },
    ],
    [
      entityErrors.invalidUnique('name', 'no ip addresses allowed'),
      400,
      { code: 10, name: 'invalid unique name', message: 'no ip addresses allowed' },
    ],
    [
      entityErrors.invalidOptions({ tags: 'cannot be null' }),
      400,
      {
        code: 11,
        name: 'invalid options',
        message: 'invalid option (tags: cannot be null)',
        options: { tags: 'cannot be null' },
      },
    ],
    [
      entityErrors.invalidOptions({ ttl: 'b', tags: 'a' }),
      400,
      {
        code: 11,
        name: 'invalid options',
        message: '2 option violations (tags: a; ttl: b)',
        options: { ttl: 'b', tags: 'a' },
      },
    ],
    [
      entityErrors.operationUnsupported('cannot do that'),
      405,
      { code: 12, name: 'operation unsupported', message: 'cannot do that' },
    ],
    [
      entityErrors.foreignKeysUnresolved([
        { field: 'service', reference: 'services', key: { name: 'x' } },
      ]),
      400,
      {
        code: 13,
        name: 'foreign keys unresolved',
        message: `foreign key unresolved (service.name: the foreign key cannot be resolved with '{name="x"}' for an existing 'services' entity)`,
        fields: {
          service: {
            name: `the foreign key cannot be resolved with '{name="x"}' for an existing 'services' entity`,
          },
        },
      },
    ],
    [
      entityErrors.foreignKeysUnresolved([
        { field: 'service', reference: 'services', key: { name: 'x' } },
        { field: 'consumer', reference: 'consumers', key: { username: 'y' } },
        { field: 'consumer', reference: 'consumers', key: { custom_id: 'z' } },
      ]),
      400,
      {
        code: 13,
        name: 'foreign keys unresolved',
        message: `3 foreign keys unresolved (consumer.custom_id: the foreign key cannot be resolved with '{custom_id="z"}' for an existing 'consumers' entity; consumer.username: the foreign key cannot be resolved with '{username="y"}' for an existing 'consumers' entity; service.name: the foreign key cannot be resolved with '{name="x"}' for an existing 'services' entity)`,
        fields: {
          service: {
            name: `the foreign key cannot be resolved with '{name="x"}' for an existing 'services' entity`,
          },
          consumer: {
            username: `the foreign key cannot be resolved with '{username="y"}' for an existing 'consumers' entity`,
            custom_id: `the foreign key cannot be resolved with '{custom_id="z"}' for an existing 'consumers' entity`,
          },
        },
      },
    ],
    [
      entityErrors.invalidDeclarative({ services: [null, 'x'] }, []),
      400,
      {
        code: 14,
        name: 'invalid declarative configuration',
        message: 'declarative config is invalid: {services={[2]="x"}}',
        fields: { services: [null, 'x'] },
        flattened_errors: [],
      },
    ],
  ])('%s', (error, status, body) => {
    expect(error.status).toBe(status)
    expect(error.toBody()).toEqual(body)
  })

  it.each([
    [
      entityErrors.schemaViolation({ hsot: 'unknown field' }, "did you mean 'host'"),
      "did you mean 'host'",
    ],
    [
      entityErrors.uniqueViolation({ name: 'a' }, { entity: 'services', id }),
      `the services ${id} has it`,
    ],
  ])("%s hints, after Kong's members", (error, hint) => {
    const body = error.toBody()
    expect(body.hint).toBe(hint)
    expect(Object.keys(body)).toEqual(['code', 'name', 'message', 'fields', 'hint'])
  })
})
