import type { EntityCheck } from '../../schema/field.ts'

// Kong compiles the Lua here; a plugin's `faults` does it where there is a Lua to do it with.
const functions = {
  type: 'array',
  required: true,
  default: [],
  elements: { type: 'string', required: false },
} as const

/** Lua functions of the operator, by the phase they run in. */
export const functionFields = {
  certificate: functions,
  rewrite: functions,
  access: functions,
  header_filter: functions,
  body_filter: functions,
  log: functions,
} as const

/** One function at least, in whichever phase. */
export const functionChecks: readonly EntityCheck[] = [
  { at_least_one_of: Object.keys(functionFields).map((phase) => `config.${phase}`) },
]
