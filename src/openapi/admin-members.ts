import type { Entity } from '../schema/entity.ts'
import type { Field, Fields } from '../schema/field.ts'

const snis: Field = {
  type: 'set',
  elements: { type: 'string' },
  description: 'names of its SNIs; a PUT without them removes all',
}

const ttl: Field = {
  type: 'integer',
  between: [0, 100_000_000],
  description: 'seconds it has to live; no end when null or 0',
}

/** Members of an entity's Admin form that are no fields of its table. */
export function adminMembers({ name, ttl: mayExpire }: Entity): Fields {
  return {
    ...(name === 'certificates' ? { snis } : {}),
    ...(mayExpire === true ? { ttl } : {}),
  }
}
