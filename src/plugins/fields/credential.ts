import { autoTimestamp, id } from '../../entities/fields.ts'

/** Whose credential it is. */
const consumer = {
  type: 'foreign',
  reference: 'consumers',
  required: true,
  on_delete: 'cascade',
} as const

/** What every credential starts with; Kong keeps no `updated_at` of them. */
export const ownedFields = { id, created_at: autoTimestamp, consumer } as const

/** A text nobody else has, made up where none is given. */
export const autoKey = { type: 'string', required: false, unique: true, auto: true } as const
