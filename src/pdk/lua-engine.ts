/** What Lua hands over. A string has one char a byte; nil is undefined, `ngx.null` is null. */
export type LuaValue = undefined | null | boolean | number | string | LuaTable | LuaFunction

/** What Lua is handed: an array becomes a sequence, a Map a table; a table of its own stays itself. */
export type LuaData =
  | LuaValue
  | readonly LuaData[]
  | ReadonlyMap<string | number, LuaData>
  | LuaHeaders
  | LuaArray

const ARRAY = Symbol('array')

/** A sequence that remembers that it is an array. */
export interface LuaArray {
  readonly [ARRAY]: readonly LuaData[] | ReadonlyMap<number, LuaData>
}

/** Hands an array over that stays one in JSON; as a Map where there is more than JSON is to tell. */
export function luaArray(items: LuaArray[typeof ARRAY]): LuaArray {
  return { [ARRAY]: items }
}

/** The items, where it is such an array. */
export function itemsOfLua(value: object): LuaArray[typeof ARRAY] | undefined {
  // Its maker is above.
  return ARRAY in value ? (value as LuaArray)[ARRAY] : undefined
}

const HEADERS = Symbol('headers')

/** A table of headers: what its keys do not say is looked for in lower case, with `-` for `_`. */
export interface LuaHeaders {
  readonly [HEADERS]: ReadonlyMap<string, LuaData>
}

/** Hands headers over, by lower-case name. */
export function luaHeaders(headers: ReadonlyMap<string, LuaData>): LuaHeaders {
  return { [HEADERS]: headers }
}

/** The headers, where it is a table of them. */
export function headersOfLua(value: object): ReadonlyMap<string, LuaData> | undefined {
  // Its maker is above.
  return HEADERS in value ? (value as LuaHeaders)[HEADERS] : undefined
}

/** A table in Lua, by reference. */
export interface LuaTable {
  readonly kind: 'table'
  /** As `#` counts it. */
  readonly length: number
  /** Whether it was handed over as an array, which it stays in JSON even when it is empty. */
  readonly isArray: boolean
  get(key: string | number): LuaValue
  set(key: string | number, value: LuaData): void
  entries(): readonly (readonly [key: LuaValue, value: LuaValue])[]
}

/** A function in Lua, by reference. Called out of a native function alone. */
export interface LuaFunction {
  readonly kind: 'function'
  call(...args: readonly LuaData[]): readonly LuaValue[]
}

/** A function of ours that Lua may call. A LuaFault thrown in it is an error in Lua, a LuaEnd ends the run. */
export type LuaNative = (...args: LuaValue[]) => LuaData | Several

const SEVERAL = Symbol('several')

/** Several results of one call. */
export interface Several {
  readonly [SEVERAL]: readonly LuaData[]
}

/** Gives Lua several results, as in `nil, "why"`. */
export function several(...values: readonly LuaData[]): Several {
  return { [SEVERAL]: values }
}

/** The results, one by one. */
export function resultsOf(given: LuaData | Several): readonly LuaData[] {
  return typeof given === 'object' && given !== null && SEVERAL in given ? given[SEVERAL] : [given]
}

/** A table that Lua may use and cannot change, but for what `write` takes. */
export interface LuaModule {
  readonly members?: Readonly<
    Record<string, LuaNative | LuaModule | string | number | boolean | null>
  >
  /** What is under a key that is no member. */
  readonly read?: (key: string | number) => LuaData
  readonly write?: (key: string | number, value: LuaValue) => void
  /** What calling the table itself does. */
  readonly call?: LuaNative
  /** The same for a table whose call gives another. */
  readonly gives?: () => LuaModule
}

/** Runs Lua apart from the machine it runs on. Absent where there is none. */
export interface LuaEngine {
  /** Why a text is no Lua; undefined when it is. */
  check(source: string): string | undefined
  open(world: LuaWorld): LuaMachine
}

/** What code finds beside the language's own. */
export interface LuaWorld {
  readonly globals: Readonly<Record<string, LuaModule>>
  /** What `require` gives, and nothing else. */
  readonly modules: Readonly<Record<string, LuaModule>>
  /** Where `print` goes. */
  readonly print: (text: string) => void
}

/** One world's code; chunks of one machine can hand tables to each other. */
export interface LuaMachine {
  /** Compiles a text; throws a LuaFault for what is no Lua. */
  compile(source: string): LuaChunk
  newTable(): LuaTable
}

/** Compiled code. */
export interface LuaChunk {
  /** Runs it, or a function it gave before, with globals of its own and a bound to its time. */
  run(it?: LuaFunction): LuaOutcome
}

/** What came of a run. */
export type LuaOutcome =
  | { readonly kind: 'done'; readonly values: readonly LuaValue[] }
  /** A native function ended it. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly message: string }

/** An error as Lua code may catch it. */
export class LuaFault extends Error {
  override readonly name = 'LuaFault'
}

/** Ends a run; Lua code cannot catch it. */
export class LuaEnd extends Error {
  override readonly name = 'LuaEnd'
}
