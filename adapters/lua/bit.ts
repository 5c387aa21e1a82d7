import { LuaFault, type LuaModule, type LuaValue } from '../../src/pdk/lua-engine.ts'

/** LuaJIT's `bit`: whole numbers of 32 bits. */
export const bitModule: LuaModule = {
  members: {
    tobit: (a) => int(a),
    bnot: (a) => ~int(a),
    band: (...all) => all.map(int).reduce((a, b) => a & b, -1),
    bor: (...all) => all.map(int).reduce((a, b) => a | b, 0),
    bxor: (...all) => all.map(int).reduce((a, b) => a ^ b, 0),
    lshift: (a, by) => int(a) << (int(by) & 31),
    rshift: (a, by) => (int(a) >>> (int(by) & 31)) | 0,
    arshift: (a, by) => int(a) >> (int(by) & 31),
    rol: (a, by) => rotated(int(a), int(by) & 31),
    ror: (a, by) => rotated(int(a), -int(by) & 31),
    bswap: (a) => swapped(int(a)),
    tohex: (a, digits) => hex(int(a), digits === undefined ? 8 : int(digits)),
  },
}

function int(value: LuaValue): number {
  const number = typeof value === 'string' ? Number(value) : value
  if (typeof number !== 'number' || Number.isNaN(number)) {
    throw new LuaFault(`bad argument (number expected, got ${typeof value})`)
  }
  // Of what is left of a big number the lowest 32 bits.
  return Number(BigInt.asIntN(32, BigInt(Math.round(number))))
}

function rotated(value: number, by: number): number {
  return (value << by) | ((value >>> (32 - by)) & (by === 0 ? 0 : -1))
}

function swapped(value: number): number {
  const bytes = new DataView(new ArrayBuffer(4))
  bytes.setInt32(0, value)
  return bytes.getInt32(0, true)
}

function hex(value: number, digits: number): string {
  const text = (value >>> 0).toString(16).padStart(8, '0').slice(-Math.abs(digits))
  return digits < 0 ? text.toUpperCase() : text
}
