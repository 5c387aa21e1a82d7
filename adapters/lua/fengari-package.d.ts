/** The few names of fengari that are used here; it brings no types. */

declare module 'fengari' {
  /** A state or thread of Lua. */
  export interface LuaState {
    readonly unique: 'lua_State'
  }
  export type JsFunction = (L: LuaState) => number

  interface Lua {
    readonly LUA_OK: number
    readonly LUA_MULTRET: number
    readonly LUA_MASKCOUNT: number
    readonly LUA_REGISTRYINDEX: number
    readonly LUA_TNIL: number
    readonly LUA_TBOOLEAN: number
    readonly LUA_TLIGHTUSERDATA: number
    readonly LUA_TNUMBER: number
    readonly LUA_TSTRING: number
    readonly LUA_TTABLE: number
    readonly LUA_TFUNCTION: number
    lua_atnativeerror(L: LuaState, handler: JsFunction): void
    lua_createtable(L: LuaState, list: number, hash: number): void
    lua_gettable(L: LuaState, index: number): number
    lua_gettop(L: LuaState): number
    lua_insert(L: LuaState, index: number): void
    lua_next(L: LuaState, index: number): number
    lua_pcall(L: LuaState, args: number, results: number, handler: number): number
    lua_call(L: LuaState, args: number, results: number): void
    lua_checkstack(L: LuaState, slots: number): boolean
    lua_copy(L: LuaState, from: number, to: number): void
    lua_pop(L: LuaState, count: number): void
    lua_pushboolean(L: LuaState, value: boolean): void
    lua_pushjsfunction(L: LuaState, run: JsFunction): void
    lua_tocfunction(L: LuaState, index: number): JsFunction | null
    lua_pushlightuserdata(L: LuaState, value: unknown): void
    lua_pushnil(L: LuaState): void
    lua_pushnumber(L: LuaState, value: number): void
    lua_pushstring(L: LuaState, value: Uint8Array): void
    lua_pushvalue(L: LuaState, index: number): void
    lua_rawget(L: LuaState, index: number): number
    lua_rawlen(L: LuaState, index: number): number
    lua_rawset(L: LuaState, index: number): void
    lua_rotate(L: LuaState, index: number, by: number): void
    lua_sethook(L: LuaState, hook: (L: LuaState) => void, mask: number, count: number): void
    lua_setmetatable(L: LuaState, index: number): void
    lua_settop(L: LuaState, top: number): void
    lua_settable(L: LuaState, index: number): void
    lua_setupvalue(L: LuaState, index: number, upvalue: number): Uint8Array | null
    lua_toboolean(L: LuaState, index: number): boolean
    lua_tojsstring(L: LuaState, index: number): string
    lua_tonumber(L: LuaState, index: number): number
    lua_tostring(L: LuaState, index: number): Uint8Array
    lua_topointer(L: LuaState, index: number): unknown
    lua_toproxy(L: LuaState, index: number): (L: LuaState) => void
    lua_touserdata(L: LuaState, index: number): unknown
    lua_type(L: LuaState, index: number): number
    lua_typename(L: LuaState, type: number): Uint8Array
  }

  interface Auxiliary {
    luaL_checkany(L: LuaState, index: number): void
    luaL_getmetafield(L: LuaState, index: number, name: Uint8Array): number
    luaL_loadbuffer(L: LuaState, text: Uint8Array, length: number, name: Uint8Array): number
    luaL_newstate(): LuaState
    luaL_requiref(L: LuaState, name: Uint8Array, open: JsFunction, global: number): void
    luaL_tolstring(L: LuaState, index: number): Uint8Array
    luaL_where(L: LuaState, level: number): void
  }

  interface Libraries {
    readonly luaopen_base: JsFunction
    readonly luaopen_math: JsFunction
    readonly luaopen_os: JsFunction
    readonly luaopen_string: JsFunction
    readonly luaopen_table: JsFunction
  }

  const fengari: {
    readonly lua: Lua
    readonly lauxlib: Auxiliary
    readonly lualib: Libraries
    to_luastring(text: string): Uint8Array
  }
  export default fengari
}

declare module 'fengari/src/lobject.js' {
  /** A value as the machine holds it. */
  interface TValue {
    readonly value: number
    ttisinteger(): boolean
    setfltvalue(value: number): void
    setsvalue(text: unknown): void
    vslen(): number
  }
  const objects: {
    luaO_str2num(text: Uint8Array, into: TValue): number
    luaO_tostring(L: unknown, it: TValue): void
    readonly TValue: { readonly prototype: TValue }
  }
  export default objects
}

declare module 'fengari/src/lstring.js' {
  const strings: { luaS_bless(L: unknown, text: Uint8Array): unknown }
  export default strings
}
