import { describe, expect, it } from 'vitest'
import type { LuaMachine, LuaValue, LuaWorld } from '../../src/pdk/lua-engine.ts'
import { LIMITS } from './budget.ts'
import { loadFengari } from './fengari.ts'

const EMPTY: LuaWorld = { globals: {}, modules: {}, print() {} }

async function machine(world: LuaWorld = EMPTY): Promise<LuaMachine> {
  const engine = await loadFengari({ ...LIMITS, steps: 200_000, bytes: 8 * 2 ** 20 })
  if (engine === undefined) throw new Error('fengari is not installed')
  return engine.open(world)
}

async function valuesOf(source: string): Promise<readonly LuaValue[]> {
  const outcome = (await machine()).compile(source).run()
  if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome))
  return outcome.values
}

describe('the language', () => {
  it.each<{ code: string; gives: readonly LuaValue[] }>([
    { code: 'return 10 / 2 .. ""', gives: ['5'] },
    { code: 'return tostring(10 / 4), 2 ^ 53 .. ""', gives: ['2.5', '9.007199254741e+15'] },
    { code: 'return 60 * 60 * 24 * 1000 * 30', gives: [2_592_000_000] },
    {
      code: 'return 0xffffffff, tonumber("4294967296"), -1',
      gives: [4_294_967_295, 4_294_967_296, -1],
    },
    { code: 'return 1700000000 * 1000 .. ""', gives: ['1700000000000'] },
    { code: 'local t = {} for i = 1, 3 do t[i] = i * i end return #t, t[3]', gives: [3, 9] },
    {
      code: 'return string.format("%5.1f|%d|%s|%-4s|%04d|%x|%q", 3.14159, 1.7e12, {} and "x", "a", 7, 255, "a\\"b")',
      gives: ['  3.1|1700000000000|x|a   |0007|ff|"a\\"b"'],
    },
    { code: 'return ("abc"):upper(), #"abc", ("x"):rep(3, ",")', gives: ['ABC', 3, 'x,x,x'] },
    { code: 'return unpack({1, 2, 3})', gives: [1, 2, 3] },
    { code: 'return pcall(error, "no")', gives: [false, 'no'] },
    {
      code: 'return select(2, pcall(function() local x = nil; return x.y end))',
      gives: [
        `[string "return select(2, pcall(function() local x = n..."]:1: attempt to index a nil value (local 'x')`,
      ],
    },
    {
      code: 'return xpcall(function(a) error(a, 0) end, function(e) return "h:" .. e end, "q")',
      gives: [false, 'h:q'],
    },
    { code: 'return table.concat({1, "b", 2.5}, "-")', gives: ['1-b-2.5'] },
    { code: 'local t = {3, 1, 2} table.sort(t) return t[1], t[3]', gives: [1, 3] },
    { code: 'return math.floor(2.7), math.max(1, 5), math.pow(2, 3)', gives: [2, 5, 8] },
    {
      code: 'return bit.band(0xff, 0x0f), bit.bor(1, 2), bit.lshift(1, 4), bit.tohex(255)',
      gives: [15, 3, 16, '000000ff'],
    },
    { code: 'return string.char(76, 117, 97), string.char()', gives: ['Lua', ''] },
    {
      code: 'return pcall(string.char, 256)',
      gives: [false, "bad argument #1 to 'char' (invalid value)"],
    },
    { code: 'x = 1 return x, _G.x', gives: [1, 1] },
    { code: 'return type(os.time()), type(os.clock())', gives: ['number', 'number'] },
  ])('$code', async ({ code, gives }) => {
    expect(await valuesOf(code)).toEqual(gives)
  })
})

describe('tables', () => {
  it.each<{ code: string; gives: readonly LuaValue[] }>([
    { code: 'return table.concat({ 1, "b" }), table.concat({}, ",")', gives: ['1b', ''] },
    { code: 'return table.concat({ 1, 2, 3, 4 }, "-", 2, 3)', gives: ['2-3'] },
    {
      code: 'return pcall(table.concat, { 1, {} })',
      gives: [false, "invalid value (at index 2) in table for 'concat'"],
    },
    { code: 'local t = { 1, 3 } table.insert(t, 2, 2) return t[2], #t', gives: [2, 3] },
    { code: 'local t = { 1, 2 } return table.remove(t), table.remove(t, 1), #t', gives: [2, 1, 0] },
    {
      code: 'local t = {} for i = 1, 2000 do table.insert(t, i) end for i = 1, 2000 do table.remove(t) end return #t',
      gives: [0],
    },
    {
      code: 'local t = { "b", "a" } table.sort(t, function(a, b) return a > b end) return t[1]',
      gives: ['b'],
    },
    { code: 'return table.unpack({ 1, 2 }, 2)', gives: [2] },
    { code: 'return select("#", unpack({ 1, nil, 3 }, 1, 3))', gives: [3] },
    { code: 'return table.getn({ 1, 2 }), table.maxn({ 1, [9] = 1, x = 1 })', gives: [2, 9] },
    { code: 'return table.nkeys({ 1, 2, x = 1 }), table.nkeys({})', gives: [3, 0] },
    { code: 'return table.isempty({}), table.isempty({ x = 1 })', gives: [true, false] },
    { code: 'return table.isarray({ 1, 2 }), table.isarray({ x = 1 })', gives: [true, false] },
    {
      code: 'local a = { 1, x = {} } local b = table.clone(a) b[1] = 2 return a[1], a.x == b.x',
      gives: [1, true],
    },
    { code: 'local t = { 1, x = 2 } table.clear(t) return #t, t.x, next(t)', gives: [0] },
    { code: 'local t = table.new(4, 0) t[1] = 5 return #t', gives: [1] },
    { code: 'local n = 0 for _ in pairs({ 1, a = 2 }) do n = n + 1 end return n', gives: [2] },
    {
      code: 'local s = "" for i, v in ipairs({ 7, 8 }) do s = s .. i .. v end return s',
      gives: ['1728'],
    },
    {
      code: 'return pcall(table.concat, nil)',
      gives: [false, 'bad argument #1 (table expected, got nil)'],
    },
  ])('$code', async ({ code, gives }) => {
    const values = await valuesOf(code)
    expect(values.slice(0, gives.length)).toEqual(gives)
    for (const rest of values.slice(gives.length)) expect(rest).toBeUndefined()
  })
})

describe('patterns', () => {
  it.each<{ code: string; gives: readonly LuaValue[] }>([
    { code: 'return ("hello world"):find("o w")', gives: [5, 7] },
    { code: 'return ("hello"):find("l+")', gives: [3, 4] },
    { code: 'return ("a.b"):find(".", 1, true)', gives: [2, 2] },
    { code: 'return ("key = value"):match("^(%w+)%s*=%s*(%w+)$")', gives: ['key', 'value'] },
    { code: 'return ("/v1/users/42"):match("/users/(%d+)")', gives: ['42'] },
    { code: 'return ("abc"):match("()b()")', gives: [2, 3] },
    { code: 'return ("f(a(b)c)d"):match("%b()")', gives: ['(a(b)c)'] },
    { code: 'return ("THE (quick) fox"):find("%f[%a]%a+%f[%A]")', gives: [1, 3] },
    { code: 'return ("abcabc"):gsub("b", "X")', gives: ['aXcaXc', 2] },
    { code: 'return ("abc"):gsub("%w", "%0%0", 2)', gives: ['aabbc', 2] },
    { code: 'return ("$a $b"):gsub("%$(%w)", {a = "1"})', gives: ['1 $b', 2] },
    { code: 'return ("abc"):gsub("", "-")', gives: ['-a-b-c-', 4] },
    { code: 'return ("x y"):gsub("%w", function(c) return c:upper() end)', gives: ['X Y', 2] },
    {
      code: 'local t = {} for w in ("a,b,,c"):gmatch("([^,]*)") do t[#t + 1] = w end return #t',
      gives: [7],
    },
    {
      code: 'local s = "" for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do s = s .. k .. v end return s',
      gives: ['a1b2'],
    },
    {
      code: 'return ("aXb"):match("%u"), ("a]b"):match("[]]"), ("a-b"):match("[a%-]+")',
      gives: ['X', ']', 'a-'],
    },
    { code: 'return ("abab"):match("(ab)%1"), ("<<a>>"):match("<(.-)>")', gives: ['ab', '<a'] },
    { code: 'return pcall(string.match, "a", "(")', gives: [false, 'unfinished capture'] },
    {
      code: 'return pcall(string.match, "a", "[a")',
      gives: [false, "malformed pattern (missing ']')"],
    },
  ])('$code', async ({ code, gives }) => {
    expect(await valuesOf(code)).toEqual(gives)
  })
})

describe('what reaches outside is not there', () => {
  it.each([
    ...['io', 'debug', 'package', 'load', 'loadstring', 'loadfile', 'dofile', 'collectgarbage'],
    ...[
      'coroutine',
      'rawset',
      'rawget',
      'setmetatable',
      'getmetatable',
      'setfenv',
      'fengari',
      'js',
    ],
    ...['os.execute', 'os.exit', 'os.getenv', 'os.remove', 'os.rename', 'os.tmpname'],
    ...['string.dump', 'string.pack', 'math.randomseed'],
  ])('%s', async (name) => {
    expect(await valuesOf(`return ${name}`)).toEqual([undefined])
  })

  it.each([
    { code: 'require "os"', says: /require 'os' not allowed within sandbox/ },
    { code: 'string.format = nil', says: /protected table/ },
    { code: 'local s = ("").rep; string.x = 1', says: /protected table/ },
    { code: 'table.concat = function() end', says: /protected table/ },
  ])('$code', async ({ code, says }) => {
    const outcome = (await machine()).compile(code).run()
    expect(outcome).toEqual({ kind: 'failed', message: expect.stringMatching(says) })
  })

  it('takes no bytecode', async () => {
    const one = await machine()
    expect(() => one.compile('\x1bLua')).toThrow('attempt to load a binary chunk')
  })
})

describe('a run ends', () => {
  it.each([
    { why: 'a loop', code: 'while true do end', says: 'too long' },
    {
      why: 'a loop that catches',
      code: 'while true do pcall(function() while true do end end) end',
      says: 'too long',
    },
    {
      why: 'a handler that loops',
      code: 'xpcall(function() while true do end end, function() while true do end end)',
      says: 'too long',
    },
    {
      why: 'a pattern that backtracks',
      code: '(("a"):rep(30)):match(("a*"):rep(20) .. "b")',
      says: 'too long',
    },
    { why: 'a long move', code: 'table.move({}, 1, 2 ^ 52, 2)', says: 'too long' },
    {
      why: 'a list sorted again and again',
      code: 'local t = {} for i = 1, 1e4 do t[i] = i end while true do table.sort(t) end',
      says: 'too long',
    },
    {
      why: 'a list that is shifted',
      code: 'local t = {} for i = 1, 1e4 do t[i] = i end while true do table.insert(t, 1, table.remove(t, 1)) end',
      says: 'too long',
    },
    { why: 'a long repetition', code: 'return ("x"):rep(1e10)', says: 'too much memory' },
    {
      why: 'a string that doubles',
      code: 'local s = "0123456789" while true do s = s .. s end',
      says: 'too much memory',
    },
    {
      why: 'a long list joined',
      code: 'local b = ("x"):rep(1e6) local t = {} for i = 1, 100 do t[i] = b end return table.concat(t)',
      says: 'too much memory',
    },
  ])('$why', async ({ code, says }) => {
    const outcome = (await machine()).compile(code).run()
    expect(outcome).toEqual({ kind: 'failed', message: expect.stringContaining(says) })
  })

  it('of a recursion, as an error of its own', async () => {
    const outcome = (await machine()).compile('local function f() return 1 + f() end f()').run()
    expect(outcome.kind).toBe('failed')
  })

  it('and the next one has the whole budget again', async () => {
    const one = await machine()
    expect(one.compile('while true do end').run().kind).toBe('failed')
    expect(one.compile('return 1').run()).toEqual({ kind: 'done', values: [1] })
  })
})

it('has globals of its own in every run, and remembers what a function holds', async () => {
  const one = await machine()
  const chunk = one.compile(
    'local n = 0 return function() n = n + 1 g = (g or 0) + 1 return n, g end',
  )
  const first = chunk.run()
  const made = first.kind === 'done' ? first.values[0] : undefined
  if (typeof made !== 'object' || made?.kind !== 'function') throw new Error('no function')
  expect(chunk.run(made)).toEqual({ kind: 'done', values: [1, 1] })
  expect(chunk.run(made)).toEqual({ kind: 'done', values: [2, 1] })
})

it('looks into a table after its run, and is whole after it was stopped there', async () => {
  const one = await machine()
  const first = one.compile('local t = { 1 } for i = 1, 40 do t = { t, t } end return t').run()
  const deep = first.kind === 'done' ? first.values[0] : undefined
  const walk = (value: LuaValue): void => {
    if (typeof value !== 'object' || value?.kind !== 'table') return
    for (const [, member] of value.entries()) walk(member)
  }
  expect(() => walk(deep)).toThrow('the function ran for too long')
  expect(one.compile('return 2').run()).toEqual({ kind: 'done', values: [2] })
})

it('looks at the clock, however steps are counted', async () => {
  let time = 0
  const engine = await loadFengari({ ...LIMITS, now: () => time++, time: 50 })
  const one = engine?.open(EMPTY)
  const code = '("aaa"):find("a") while true do end'
  expect(one?.compile(code).run()).toMatchObject({ kind: 'failed' })
  // Ended by the clock, which only moves as it is looked at.
  expect(time).toBeGreaterThan(50)
  expect(time).toBeLessThan(60)
})

it('compiles nothing that is too long', async () => {
  const engine = await loadFengari()
  const long = `if a then ${'elseif a then '.repeat(1e5)}end`
  expect(engine?.check(long)).toBe('the code is longer than 131072 bytes')
})

it.each([
  { code: 'error({})', message: '(error object is a table value)' },
  { code: 'error()', message: '(error object is a nil value)' },
  { code: 'error(true)', message: '(error object is a boolean value)' },
])('tells of $code', async ({ code, message }) => {
  expect((await machine()).compile(code).run()).toEqual({ kind: 'failed', message })
})

it('says what is no Lua', async () => {
  const engine = await loadFengari()
  expect(engine?.check('return 1')).toBeUndefined()
  expect(engine?.check('local x =')).toBe(`[string "local x ="]:1: unexpected symbol near '<eof>'`)
})

it('throws a bug of ours, whatever the code catches', async () => {
  const bug = new TypeError('ours')
  const globals = {
    ours: {
      members: {
        fail: () => {
          throw bug
        },
      },
    },
  }
  const one = await machine({ ...EMPTY, globals })
  expect(() => one.compile('pcall(ours.fail)').run()).toThrow(bug)
})
