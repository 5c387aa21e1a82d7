import { PROTOCOLS } from '../../entities/fields.ts'
import { HTTP_PROTOCOLS } from '../../pdk/plugin.ts'

/** `protocols` of a plugin for streams as well, though HTTP's stay the default. */
export const anyProtocol = {
  type: 'set',
  required: true,
  default: HTTP_PROTOCOLS,
  elements: { type: 'string', one_of: PROTOCOLS },
} as const
