import { describe, expect, it } from 'vitest'
import { headersIn } from '../../pdk/headers.ts'
import { aws } from './formats/aws.ts'
import { b3 } from './formats/b3.ts'
import { b3Single } from './formats/b3-single.ts'
import { datadog } from './formats/datadog.ts'
import { gcp } from './formats/gcp.ts'
import { instana } from './formats/instana.ts'
import { jaeger } from './formats/jaeger.ts'
import { ot } from './formats/ot.ts'
import { w3c } from './formats/w3c.ts'
import { propagationOf } from './propagation.ts'
import { isSampled } from './sampler.ts'
import type { OutgoingTrace } from './trace-context.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SHORT = '8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'
const PARENT = '00f067aa0ba902b7'
const whole = { traceId: TRACE, traceIdSize: 16, spanId: SPAN }
const short = { traceId: SHORT.padStart(32, '0'), traceIdSize: 8, spanId: SPAN }

describe('reading', () => {
  it.each([
    {
      format: w3c,
      list: ['traceparent', `00-${TRACE}-${SPAN}-01`],
      found: { ...whole, sampled: true },
    },
    {
      format: w3c,
      list: ['Traceparent', `00-${TRACE}-${SPAN}-02`],
      found: { ...whole, sampled: false },
    },
    {
      format: b3,
      list: ['b3', `${TRACE}-${SPAN}-1-${PARENT}`],
      found: { ...whole, parentId: PARENT, sampled: true, singleHeader: true, sharesSpan: true },
    },
    { format: b3, list: ['b3', `${SHORT}-${SPAN}`], found: { ...short, singleHeader: true } },
    { format: b3, list: ['b3', 'd'], found: { sampled: true, flags: '1', singleHeader: true } },
    { format: b3, list: ['b3', '0'], found: { sampled: false } },
    {
      format: b3,
      list: ['tracestate', `b3=${TRACE}-${SPAN}-0`],
      found: { ...whole, sampled: false },
    },
    {
      format: b3,
      list: [
        'X-B3-TraceId',
        TRACE,
        'X-B3-SpanId',
        SPAN,
        'X-B3-ParentSpanId',
        PARENT,
        'X-B3-Sampled',
        'true',
      ],
      found: { ...whole, parentId: PARENT, sampled: true, singleHeader: false },
    },
    {
      format: b3,
      list: ['x-b3-sampled', '0', 'x-b3-flags', '1'],
      found: { sampled: true, flags: '1' },
    },
    {
      format: jaeger,
      list: ['uber-trace-id', `${TRACE}:${SPAN}:0:1`, 'uberctx-user', 'a%20b'],
      found: { ...whole, sampled: true, sharesSpan: true, baggage: { user: 'a b' } },
    },
    {
      format: w3c,
      list: ['traceparent', `00-${TRACE}-${SPAN}-ef`],
      found: { ...whole, sampled: true },
    },
    {
      format: b3,
      list: ['tracestate', 'x', 'tracestate', `b3=${TRACE}-${SPAN}-1-${PARENT}`],
      found: { ...whole, parentId: PARENT, sampled: true, singleHeader: true },
    },
    {
      format: jaeger,
      list: ['uber-trace-id', `${TRACE}:${SPAN}:00:01`],
      found: { ...whole, parentId: '0'.repeat(16), sampled: true },
    },
    {
      format: datadog,
      list: ['x-datadog-parent-id', '5', 'x-datadog-sampling-priority', '1'],
      found: { sampled: true },
    },
    {
      format: aws,
      list: [
        'x-amzn-trace-id',
        ` Root =  1-0af76519-16cd43dd8448eb211c80319c ; Parent= ${SPAN};  Sampled  =1`,
      ],
      found: { ...whole, sampled: true },
    },
    {
      format: jaeger,
      list: ['uber-trace-id', `abc:def:${PARENT}:2`],
      found: {
        traceId: 'abc'.padStart(32, '0'),
        spanId: 'def'.padStart(16, '0'),
        parentId: PARENT,
        sampled: false,
      },
    },
    {
      format: ot,
      list: [
        'ot-tracer-traceid',
        SHORT,
        'ot-tracer-spanid',
        SPAN,
        'ot-tracer-sampled',
        '1',
        'ot-baggage-a',
        'b',
      ],
      found: { ...short, sampled: true, baggage: { a: 'b' } },
    },
    { format: ot, list: ['ot-tracer-sampled', 'false'], found: { sampled: false } },
    {
      format: datadog,
      list: [
        'x-datadog-trace-id',
        '9532127138774266268',
        'x-datadog-parent-id',
        '13235353014750950193',
        'x-datadog-sampling-priority',
        '2',
      ],
      found: { ...short, sampled: true },
    },
    { format: datadog, list: ['x-datadog-sampling-priority', '-1'], found: { sampled: false } },
    {
      format: aws,
      list: [
        'x-amzn-trace-id',
        `Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=${SPAN}; Sampled=1;Self=2`,
      ],
      found: { ...whole, sampled: true },
    },
    {
      format: gcp,
      list: ['x-cloud-trace-context', `${TRACE}/13235353014750950193;o=1`],
      found: { ...whole, sampled: true },
    },
    {
      format: gcp,
      list: ['x-cloud-trace-context', `${TRACE}/13235353014750950193`],
      found: { ...whole, sampled: false },
    },
    {
      format: jaeger,
      list: ['uber-trace-id', `${TRACE}:${SPAN}:ff:01`],
      found: { ...whole, parentId: '00000000000000ff', sharesSpan: true, sampled: true },
    },
    {
      format: jaeger,
      list: ['uber-trace-id', `${TRACE}:${SPAN}:ff${PARENT}:00`],
      found: { ...whole, parentId: PARENT, sampled: false },
    },
    {
      format: aws,
      list: ['x-amzn-trace-id', `Parent=${SPAN};Sampled=1`],
      found: { spanId: SPAN, sampled: true },
    },
    {
      format: ot,
      list: ['ot-tracer-traceid', 'x', 'ot-baggage-a', 'b'],
      found: { baggage: { a: 'b' }, sampled: undefined },
    },
    {
      format: b3,
      list: ['x-b3-traceid', TRACE, 'x-b3-spanid', SPAN, 'x-b3-flags', '0', 'x-b3-sampled', '1'],
      found: { ...whole, flags: '0', sampled: true },
    },
    // Kong: B3 all the same, of which a new trace is told.
    ...[
      ['b3', `${TRACE}-${SPAN.slice(1)}`],
      ['b3', `${TRACE.slice(1)}-${SPAN}-1`],
      ['b3', `${TRACE}-${SPAN}-d-123`],
      ['b3', ''],
    ].map((list) => ({ format: b3, list, found: { singleHeader: true, sampled: undefined } })),
    ...[
      ['x-b3-traceid', TRACE, 'x-b3-spanid', 'x'],
      ['x-b3-spanid', SPAN],
      ['x-b3-sampled', 'yes'],
    ].map((list) => ({ format: b3, list, found: { singleHeader: false, sampled: undefined } })),
    {
      format: instana,
      list: [
        'x-instana-t',
        SHORT,
        'x-instana-s',
        SPAN,
        'x-instana-l',
        '1,correlationType=web;correlationId=1',
      ],
      found: { ...short, sampled: true },
    },
  ])('finds $found in $list', ({ format, list, found }) => {
    expect(format.read?.(headersIn(list))).toMatchObject(found)
  })

  it.each([
    { format: w3c, list: [] },
    { format: w3c, list: ['traceparent', `01-${TRACE}-${SPAN}-01`] },
    { format: w3c, list: ['traceparent', `00-${'0'.repeat(32)}-${SPAN}-01`] },
    { format: w3c, list: ['traceparent', `00-${TRACE}-${'0'.repeat(16)}-01`] },
    { format: w3c, list: ['traceparent', `00-${TRACE}-${SPAN}-1`] },
    { format: w3c, list: ['traceparent', `00-${TRACE}-${SPAN}-01`, 'traceparent', 'x'] },
    { format: b3, list: ['tracestate', 'other=1'] },
    { format: jaeger, list: ['uber-trace-id', `${TRACE}:${SPAN}:0`] },
    { format: jaeger, list: ['uber-trace-id', `0:${SPAN}:0:1`] },
    { format: jaeger, list: ['uber-trace-id', `${TRACE}:0:0:1`] },
    { format: jaeger, list: ['uber-trace-id', `${TRACE}:${SPAN}:0:001`] },
    { format: jaeger, list: ['uber-trace-id', `${TRACE}:${SPAN}0:${PARENT}:01`] },
    { format: aws, list: ['x-amzn-trace-id', `Root=;Parent=${SPAN};Sampled=0`] },
    {
      format: aws,
      list: ['x-amzn-trace-id', 'Root=1-0af76519-16cd43dd8448eb211c80319c;Sampled='],
    },
    { format: gcp, list: ['x-cloud-trace-context', `${TRACE}/132353530147509501930`] },
    { format: gcp, list: ['x-cloud-trace-context', `${TRACE}/13235353014750950193;o=01`] },
    { format: gcp, list: ['x-cloud-trace-context', `${TRACE}/13235353014750950193;o=`] },
    { format: ot, list: ['ot-tracer-traceid', 'x'] },
    { format: datadog, list: ['x-datadog-trace-id', '12', 'x-datadog-sampling-priority', '7'] },
    { format: datadog, list: ['x-datadog-trace-id', 'abc'] },
    { format: datadog, list: ['x-datadog-trace-id', '9'.repeat(40)] },
    { format: aws, list: ['x-amzn-trace-id', `Root=2-0af76519-16cd43dd8448eb211c80319c`] },
    { format: aws, list: ['x-amzn-trace-id', `Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=1`] },
    {
      format: aws,
      list: ['x-amzn-trace-id', `Root=1-0af76519-16cd43dd8448eb211c80319c;Sampled=?`],
    },
    { format: gcp, list: ['x-cloud-trace-context', `${TRACE}/x;o=1`] },
    { format: instana, list: ['x-instana-t', 'abc'] },
  ])('finds nothing in $list', ({ format, list }) => {
    expect(format.read?.(headersIn(list))).toBeUndefined()
  })
})

describe('writing', () => {
  const trace: OutgoingTrace = {
    traceId: TRACE,
    spanId: SPAN,
    parentId: PARENT,
    sampled: true,
    baggage: { a: 'b c' },
  }

  it.each([
    { format: w3c, headers: { traceparent: `00-${TRACE}-${SPAN}-01` } },
    {
      format: b3,
      headers: {
        'x-b3-traceid': TRACE,
        'x-b3-spanid': SPAN,
        'x-b3-parentspanid': PARENT,
        'x-b3-sampled': '1',
      },
    },
    { format: b3Single, headers: { b3: `${TRACE}-${SPAN}-1-${PARENT}` } },
    {
      format: jaeger,
      headers: { 'uber-trace-id': `${TRACE}:${SPAN}:${PARENT}:01`, 'uberctx-a': 'b%20c' },
    },
    {
      format: ot,
      headers: {
        'ot-tracer-traceid': TRACE,
        'ot-tracer-spanid': SPAN,
        'ot-tracer-sampled': '1',
        'ot-baggage-a': 'b%20c',
      },
    },
    {
      format: aws,
      headers: {
        'x-amzn-trace-id': `Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=${SPAN};Sampled=1`,
      },
    },
    { format: gcp, headers: { 'x-cloud-trace-context': `${TRACE}/13235353014750950193;o=1` } },
    { format: instana, headers: { 'x-instana-t': TRACE, 'x-instana-s': SPAN, 'x-instana-l': '1' } },
  ])('writes $headers', ({ format, headers }) => {
    expect(Object.fromEntries(format.write(trace))).toEqual(headers)
    const told = Object.fromEntries(
      format.write({ ...trace, parentId: undefined, baggage: undefined, sampled: false }),
    )
    expect(JSON.stringify(told)).not.toContain(PARENT)
    expect(told).not.toEqual(headers)
  })

  it('writes decimal ids of 64 bits for Datadog', () => {
    expect(Object.fromEntries(datadog.write({ ...trace, traceId: SHORT }))).toEqual({
      'x-datadog-trace-id': '9532127138774266268',
      'x-datadog-parent-id': '13235353014750950193',
      'x-datadog-sampling-priority': '1',
    })
  })

  it('keeps debugging on', () => {
    const debugged = { ...trace, parentId: undefined, flags: '1' }
    expect(Object.fromEntries(b3.write(debugged))).toMatchObject({ 'x-b3-flags': '1' })
    expect(b3Single.write(debugged)).toEqual([['b3', `${TRACE}-${SPAN}-d`]])
  })
})

describe('which formats', () => {
  const none = { extract: null, clear: null, inject: null, default_format: 'w3c' } as const
  const names = (fields: Parameters<typeof propagationOf>[0]) => {
    const { extract, inject, fallback, clear } = propagationOf(fields)
    const shown = inject.map((one) => (one === 'preserve' ? one : one.name))
    return [extract.map(({ name }) => name).join(), shown.join(), fallback.name, clear.join()]
  }
  const usual = 'b3,w3c,jaeger,ot,datadog,aws,gcp,instana'

  it.each([
    {
      fields: { propagation: none, header_type: 'preserve' },
      expected: [usual, 'preserve', 'w3c', ''],
    },
    {
      fields: { propagation: none, header_type: 'jaeger' },
      expected: [usual, 'preserve,jaeger', 'w3c', ''],
    },
    {
      fields: { propagation: none, header_type: 'ignore', default_header_type: 'ot' },
      expected: ['', 'ot', 'ot', ''],
    },
    {
      fields: {
        propagation: { ...none, extract: ['aws'], clear: ['b3'] },
        header_type: 'preserve',
      },
      expected: ['aws', '', 'w3c', 'b3'],
    },
    {
      fields: { propagation: { ...none, inject: ['preserve', 'gcp'] } },
      expected: ['', 'preserve,gcp', 'w3c', ''],
    },
  ] as const)('$fields are $expected', ({ fields, expected }) => {
    expect(names(fields)).toEqual(expected)
  })
})

describe('sampling', () => {
  it.each([
    { id: 'ffffffffffffffff', rate: 1, sampled: true },
    { id: '0000000000000000', rate: 0, sampled: false },
    { id: '000000000000007f', rate: 0.5, sampled: true },
    { id: '0000000000000080', rate: 0.5, sampled: false },
    { id: 'ffffffffffffff02', rate: 0.01, sampled: false },
    { id: 'ffffffffffffff01', rate: 0.01, sampled: true },
  ])('$id of $rate: $sampled', ({ id, rate, sampled }) => {
    expect(isSampled(`${id}${'0'.repeat(16)}`, rate)).toBe(sampled)
  })
})
