const text = { type: 'string', len_min: 1 } as const

/** Members of a log entry that Lua code of the operator makes. */
export const customFieldsByLua = { type: 'map', keys: text, values: text } as const

/** How grave an entry is, in syslog's words. */
export const severity = {
  type: 'string',
  default: 'info',
  one_of: ['debug', 'info', 'notice', 'warning', 'err', 'crit', 'alert', 'emerg'],
} as const
