import { describe, expect, it } from 'vitest'
import { readSettings } from './read.ts'

const read = (values: Record<string, string>) => readSettings([new Map(Object.entries(values))])

describe('untrusted_lua', () => {
  it.each([
    { values: {}, reads: 'off' },
    { values: { untrusted_lua: 'off' }, reads: 'off' },
    { values: { untrusted_lua: 'sandbox' }, reads: 'sandbox' },
  ])('$values reads as $reads, and is shown', ({ values, reads }) => {
    const got = read(values)
    expect(got).toMatchObject({
      ok: true,
      process: { untrustedLua: reads },
      settings: { shown: { untrusted_lua: reads } },
    })
  })

  it.each([
    {
      value: 'on',
      reason: 'untrusted_lua: there is no Lua outside of a sandbox here, set it to sandbox',
    },
    { value: 'yes', reason: "untrusted_lua has an invalid value: 'yes' (off, sandbox)" },
  ])('refuses $value', ({ value, reason }) => {
    const got = read({ untrusted_lua: value })
    expect(got.ok ? [] : got.errors).toContain(reason)
  })
})
