import { toByteString } from '../../lib/byte-string.ts'
import { parseVaultReference } from '../../lib/vault-reference.ts'
import type { Kit } from '../../pdk/kit.ts'
import { type LuaModule, type LuaValue, type Several, several } from '../../pdk/lua-engine.ts'
import { isReference } from '../../schema/reference.ts'
import { isTable } from './arguments.ts'
import { luaOf } from './plain.ts'

/** `kong.vault`, as far as secrets are there at once. */
export function kongVault({ secrets }: Pick<Kit, 'secrets'>): LuaModule {
  return {
    members: {
      is_reference: (value) => isReference(value),
      parse_reference: (value) => {
        const parsed = parsedIn(value)
        if ('kind' in parsed) return parsed.failure
        const { vault: name, resource, key, overrides, version } = parsed
        const config = [...overrides].length === 0 ? null : Object.fromEntries(overrides)
        const parts = Object.entries({ name, resource, key, config, version })
        return luaOf(Object.fromEntries(parts.filter(([, part]) => part !== null)))
      },
      get: (value) => {
        const parsed = parsedIn(value)
        if ('kind' in parsed) return parsed.failure
        const found = secrets?.find(parsed)
        if (found !== undefined && 'secret' in found) return toByteString(found.secret)
        const { resource, vault } = parsed
        const what = `unable to load value (${resource}) from vault (${vault})`
        return several(undefined, `${what}: not found [${String(value)}]`)
      },
    },
  }
}

interface Failed {
  readonly kind: 'failed'
  readonly failure: Several
}

function parsedIn(value: LuaValue) {
  const failed = (why: string): Failed => ({ kind: 'failed', failure: several(undefined, why) })
  if (typeof value !== 'string' || !isReference(value)) {
    const text = value === undefined ? 'nil' : isTable(value) ? 'table' : String(value)
    return failed(`not a reference [${text}]`)
  }
  const parsed = parseVaultReference(value)
  return typeof parsed === 'string' ? failed(parsed) : parsed
}
