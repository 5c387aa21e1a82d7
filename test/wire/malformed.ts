import { chunkCases } from './malformed-chunks.ts'
import { headerFieldCases } from './malformed-fields.ts'
import { hostFieldCases } from './malformed-hosts.ts'
import { leftoverCases } from './malformed-leftovers.ts'
import { lengthCases } from './malformed-lengths.ts'
import type { Message } from './malformed-message.ts'
import { requestLineCases } from './malformed-request-line.ts'
import { transferEncodingCases } from './malformed-transfer-encoding.ts'

/** Every malformed message, and the well-formed siblings that must be served. */
export const MESSAGES: readonly Message[] = [
  ...transferEncodingCases,
  ...lengthCases,
  ...requestLineCases,
  ...hostFieldCases,
  ...headerFieldCases,
  ...chunkCases,
  ...leftoverCases,
]
