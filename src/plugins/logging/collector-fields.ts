import { port } from '../../entities/fields.ts'
import { checkHost } from '../../entities/texts.ts'

/** Where a log server listens, as plugins that have no server of their own ask for it. */
export const collectorFields = {
  host: { type: 'string', required: true, check: checkHost },
  port: { ...port, required: true },
  timeout: { type: 'number', default: 10000 },
} as const
