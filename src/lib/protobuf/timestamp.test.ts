import { describe, expect, it } from 'vitest'
import { decodeMessage } from './decode.ts'
import { encodeMessage } from './encode.ts'
import { parseProto } from './parse.ts'
import { linkMethods, type MessageType } from './schema.ts'

const BALL = `
syntax = "proto3";
package b;
service S { rpc Go(Ball) returns (Ball); }
message Ball { google.protobuf.Timestamp at = 1; repeated google.protobuf.Timestamp all = 2; }`
const TIME = `
syntax = "proto3";
package google.protobuf;
message Timestamp { int64 seconds = 1; int32 nanos = 2; }`

const ball = linkMethods([parseProto(BALL), parseProto(TIME)])[0]?.input ?? ({} as MessageType)

describe('a Timestamp', () => {
  it.each([
    { text: '2023-11-14T22:13:20Z', seconds: 1_700_000_000 },
    { text: '2023-11-14T22:13:20', seconds: 1_700_000_000 },
    { text: '2023-11-14 22:13', seconds: 1_699_999_980 },
    { text: '2023-11-15T00:13:20.5+02:00', seconds: 1_700_000_000, nanos: 500_000_000 },
    { text: '2023-11-14t20:13:20.000000001-0200', seconds: 1_700_000_000, nanos: 1 },
    { text: '1969-12-31T23:59:59Z', seconds: -1 },
  ])('may be said as $text', ({ text, seconds, nanos = 0 }) => {
    expect(encodeMessage(ball, { at: text })).toEqual(
      encodeMessage(ball, { at: { seconds, nanos } }),
    )
  })

  it.each(['', 'x', '2023-13-01T00:00:00Z', '2023-11-14', '12'])('is not %j', (text) => {
    expect(() => encodeMessage(ball, { at: text })).toThrow("'at': expected a date and time")
  })

  it.each([
    { at: { seconds: 1_700_000_000 }, shown: '2023-11-14T22:13:20' },
    { at: { seconds: -1, nanos: 500_000_000 }, shown: '1969-12-31T23:59:59.5' },
    { at: {}, shown: '1970-01-01T00:00:00' },
    { at: { seconds: 1e15 }, shown: { seconds: 1e15, nanos: 0 } },
    { at: { nanos: -1 }, shown: { seconds: 0, nanos: -1 } },
  ])('of $at is shown as $shown', ({ at, shown }) => {
    const { at: one, all } = decodeMessage(ball, encodeMessage(ball, { at, all: [at] }))
    expect([one, all]).toEqual([shown, [shown]])
  })
})
