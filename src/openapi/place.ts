import type { Entity } from '../schema/entity.ts'

/** A path pattern of the Admin API and the verbs it answers, HEAD and OPTIONS aside. */
export interface Endpoint {
  readonly pattern: string
  readonly verbs: readonly string[]
}

/** What a pattern stands for, where an entity's definition makes it. */
export interface Place {
  readonly kind: 'collection' | 'item' | 'parent'
  /** What is shown there and taken. */
  readonly entity: Entity
  /** Whose children they are, or through which child the parent is reached. */
  readonly beside?: Entity
}

/** Reads a pattern: `/services`, `/services/{services}/routes`, `/routes/{routes}/service`. */
export function placeOf(pattern: string, entities: readonly Entity[]): Place | undefined {
  const [first = '', key, inner, last] = pattern.slice(1).split('/')
  const entity = entities.find(({ path, name }) => (path ?? name) === first)
  if (entity === undefined) return undefined
  if (key === undefined) return { kind: 'collection', entity }
  if (key !== `{${entity.name}}`) return undefined
  if (inner === undefined) return { kind: 'item', entity }

  const child = entities.find((other) => isUnder(other, entity, inner))
  if (child !== undefined) {
    if (last === undefined) return { kind: 'collection', entity: child, beside: entity }
    return last === `{${child.name}}` ? { kind: 'item', entity: child, beside: entity } : undefined
  }
  const reference = last === undefined ? entity.fields[inner]?.reference : undefined
  const parent = entities.find(({ name }) => name === reference)
  return parent === undefined ? undefined : { kind: 'parent', entity: parent, beside: entity }
}

function isUnder(child: Entity, parent: Entity, segment: string): boolean {
  if ((child.nestedPath ?? child.path ?? child.name) !== segment) return false
  return Object.values(child.fields).some(({ reference }) => reference === parent.name)
}
