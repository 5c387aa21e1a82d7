import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMessage } from './decode.ts'
import { encodeMessage } from './encode.ts'
import { parseProto } from './parse.ts'
import { linkMethods, type MessageType } from './schema.ts'
import { WireError } from './wire.ts'

const SOURCE = `
// A comment.
syntax = "proto3"; /* another */
package shop.v1;
import "google/api/annotations.proto";
option go_package = "x;y";
service Shop {
  option deprecated = true;
  rpc Get(All) returns (stream shop.v1.All.Inner) {
    option (google.api.http) = {
      get: "/v1/{id=items/*}" "/x"
      additional_bindings { post: "/v1/items", body: "*" }
      additional_bindings: [{ put: '/a' }, { patch: '/b' }]
    };
    option idempotency_level = NO_SIDE_EFFECTS;
  }
  rpc Plain(.shop.v1.All) returns (All);
}
message All {
  reserved 90 to 99, 200;
  option (custom).x = { a: 1 };
  double d = 1; float f = 2; int32 i32 = 3; int64 i64 = 4; uint32 u32 = 5; uint64 u64 = 6;
  sint32 s32 = 7; sint64 s64 = 8; fixed32 f32 = 9; fixed64 f64 = 10; sfixed32 sf32 = 11;
  sfixed64 sf64 = 12; bool yes = 13; string text_of_it = 14 [json_name = "t", (x) = { a: [1] }];
  bytes raw = 15;
  Color color = 16;
  enum Color { option allow_alias = true; RED = 0; GREEN = 1 [deprecated = true]; MINUS = -1; }
  message Inner { string a = 1; All all = 2; }
  Inner inner = 17;
  repeated int32 numbers = 18;
  repeated Inner inners = 19;
  map<string, int32> counts = 20;
  map<int32, Inner> by_number = 21;
  oneof choice { string left = 22; int32 right = 23; }
  optional string maybe = 24;
}
`

const methods = linkMethods([parseProto(SOURCE)])
const all = methods[0]?.input ?? ({} as MessageType)

function hex(value: unknown): string {
  return Buffer.from(encodeMessage(all, value)).toString('hex')
}

const ZERO = decodeMessage(all, new Uint8Array())

describe('a .proto file', () => {
  it('names its methods and how HTTP calls them', () => {
    expect(methods.map(({ path, input, output }) => [path, input.name, output.name])).toEqual([
      ['/shop.v1.Shop/Get', 'shop.v1.All', 'shop.v1.All.Inner'],
      ['/shop.v1.Shop/Plain', 'shop.v1.All', 'shop.v1.All'],
    ])
    const [http] = methods[0]?.http ?? []
    expect(http?.get('get')).toEqual(['/v1/{id=items/*}/x'])
    expect(http?.get('additional_bindings')).toEqual([
      new Map([
        ['post', ['/v1/items']],
        ['body', ['*']],
      ]),
      new Map([['put', ['/a']]]),
      new Map([['patch', ['/b']]]),
    ])
  })

  it.each([
    ['message A { B b = 1; }', "cannot find type 'B' of 'A.b'"],
    ['message A { map<A, A> b = 1; }', "'A' cannot be the key of map 'A.b'"],
    ['service S { rpc M(A) returns (A); }', "cannot find message 'A'"],
    ['message A {\n string = 1; }', "unexpected '=' in line 2"],
    ['message A {', "unexpected 'end of file' in line 1"],
    ['\n\n@', "unexpected '@' in line 3"],
    ['nonsense', "unexpected 'nonsense' in line 1"],
    ['message A {'.repeat(60), 'messages are nested too deep'],
  ])('%j is refused: %s', (source, message) => {
    expect(() => linkMethods([parseProto(source)])).toThrow(message)
  })
})

describe('a message', () => {
  // The bytes are those of protobuf's own documents and of its wire format.
  it.each([
    [{ i32: 150 }, '189601'],
    [{ i32: -1 }, '18ffffffffffffffffff01'],
    [{ i64: '-2' }, '20feffffffffffffffff01'],
    [{ s32: -2 }, '3803'],
    [{ s64: '2147483647' }, '40feffffff0f'],
    [{ u64: '18446744073709551615' }, '30ffffffffffffffffff01'],
    [{ f32: 1 }, '4d01000000'],
    [{ sf64: -1 }, '61ffffffffffffffff'],
    [{ d: 1.5 }, '09000000000000f83f'],
    [{ f: '1.5' }, '150000c03f'],
    [{ yes: 'true' }, '6801'],
    [{ text_of_it: 'testing' }, '720774657374696e67'],
    [{ textOfIt: 'é' }, '7202c3a9'],
    [{ raw: '/w==' }, '7a01ff'],
    [{ color: 'GREEN' }, '800101'],
    [{ color: -1 }, '8001ffffffffffffffffff01'],
    [{ inner: { a: 'x' } }, '8a01030a0178'],
    [{ numbers: [3, 270] }, '9001039001 8e02'.replace(' ', '')],
    [{ counts: { a: 1 } }, 'a201050a01611001'],
    [{ left: null, unknown: 1, __proto__: 1 }, ''],
  ])('%j is %s', (value, bytes) => {
    expect(hex(value)).toBe(bytes)
  })

  it.each([
    [{ i32: 'x' }, "'i32': expected an integer"],
    [{ i32: 1.5 }, "'i32': expected an integer"],
    [{ d: 'x' }, "'d': expected a number"],
    [{ yes: 1 }, "'yes': expected a boolean"],
    [{ raw: '@' }, "'raw': expected base64"],
    [{ text_of_it: {} }, "'text_of_it': expected a string"],
    [{ text_of_it: ['a'] }, "'text_of_it': expected one value"],
    [{ inner: 1 }, "'inner': expected an object"],
    [{ color: 'BLUE' }, "'color': expected an integer"],
    [{ counts: [] }, "'counts': expected an object"],
    [[], 'expected an object'],
  ])('%j is refused: %s', (value, message) => {
    expect(() => encodeMessage(all, value)).toThrow(message)
  })

  it('that is empty has zeros, and no messages', () => {
    expect(ZERO).toEqual({
      ...{ d: 0, f: 0, i32: 0, i64: 0, u32: 0, u64: 0, s32: 0, s64: 0, f32: 0, f64: 0 },
      ...{ sf32: 0, sf64: 0, yes: false, text_of_it: '', raw: '', color: 'RED' },
      ...{ numbers: [], inners: [], counts: {}, by_number: {} },
    })
  })

  it('comes back as it was', () => {
    const value = {
      ...ZERO,
      ...{ d: -0.1, f: 0.5, i32: -7, i64: '-9223372036854775808', u32: 4294967295 },
      ...{ u64: '18446744073709551615', s32: -2147483648, s64: -3, f32: 7, f64: 8, sf32: -9 },
      ...{ sf64: -10, yes: true, text_of_it: 'é', raw: 'AP8=', color: 'MINUS' },
      inner: { a: 'x', all: { ...ZERO, left: '' } },
      numbers: [1, -1],
      inners: [{ a: 'y' }, { a: '' }],
      counts: { a: 1, constructor: 2 },
      by_number: { '-5': { a: 'z' } },
      right: 0,
      maybe: '',
    }
    expect(decodeMessage(all, encodeMessage(all, value))).toEqual(value)
  })

  it('may have its numbers packed, and fields nobody knows', () => {
    const bytes = Buffer.from('92010303 8e02 f80701 fa070161'.replaceAll(' ', ''), 'hex')
    expect(decodeMessage(all, bytes)).toEqual({ ...ZERO, numbers: [3, 270] })
  })

  it('of any bytes is read, or refused as one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          decodeMessage(all, bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(WireError)
        }
      }),
    )
  })
})
