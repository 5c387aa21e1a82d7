import { bytesOf, charsOf } from '../../src/lib/latin1.ts'
import { numberText } from '../../src/lib/lua-number.ts'
import type { Budget } from './budget.ts'

let running: Budget | undefined

/** Says whose strings are counted from now on. */
export function countStringsOf(budget: Budget | undefined): void {
  running = budget
}

let changed: Promise<void> | undefined

/**
 * Makes all numbers doubles, as in the Lua that Kong's functions are written for: the machine's own
 * whole numbers have 32 bits, and times in milliseconds have more. Also has it count the strings it
 * joins, which it says to nobody. Both are only to be reached in its own modules.
 */
export function useDoubles(): Promise<void> {
  changed ??= change()
  return changed
}

async function change(): Promise<void> {
  const [{ default: objects }, { default: strings }] = await Promise.all([
    import('fengari/src/lobject.js'),
    import('fengari/src/lstring.js'),
  ])
  const { luaO_str2num: parse } = objects
  objects.luaO_str2num = (text, into) => {
    const length = parse(text, into)
    // Its whole numbers wrap around, so the text is read anew.
    if (length > 0 && into.ttisinteger()) into.setfltvalue(doubleOf(text.subarray(0, length - 1)))
    return length
  }
  objects.luaO_tostring = (L, it) => {
    it.setsvalue(strings.luaS_bless(L, bytesOf(numberText(it.value))))
  }
  const { prototype } = objects.TValue
  const { vslen } = prototype
  prototype.vslen = function () {
    const length = vslen.call(this)
    running?.charge(length)
    return length
  }
}

function doubleOf(bytes: Uint8Array): number {
  const text = charsOf(bytes).trim()
  const bare = text.replace(/^[-+]/, '')
  return text.startsWith('-') ? -Number(bare) : Number(bare)
}
