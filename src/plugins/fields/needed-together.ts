import { entityErrors } from '../../schema/entity-error.ts'

/** The refusal of a change of one field without the others that its stored form is made of. */
export function neededTogether(...names: readonly string[]): Error {
  const listed = names.map((name) => `'${name}'`).join(', ')
  const text = `all or none of these fields must be set: ${listed}`
  return entityErrors.schemaViolation({ '@entity': [text] })
}
