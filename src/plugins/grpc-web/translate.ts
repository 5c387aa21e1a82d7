import { createFrameReader, writeFrame } from '../../lib/grpc/frames.ts'
import { parseNested } from '../../lib/nested-json.ts'
import type { AnswerSide, Exchange } from '../../pdk/exchange.ts'
import { type Exit, refusal, UNEXPECTED } from '../../pdk/exit.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { Methods } from '../grpc/load-methods.ts'
import { frameOf, jsonMessages } from '../grpc/messages.ts'
import { refusedText } from '../grpc/refusals.ts'
import { frameTrailers, type Piece } from './answer.ts'
import type { Call } from './content-type.ts'
import { decodeText, encodeText } from './text.ts'

/** Sends up what a text body stands for. */
export async function decodeBody(exchange: Exchange, kit: Kit): Promise<Exit | undefined> {
  const body = await readBytes(exchange, true, kit)
  if (!(body instanceof Uint8Array)) return body
  exchange.upstream.setBody(body)
  return undefined
}

interface Translating {
  readonly call: Call
  readonly methods: Methods
  readonly kit: Kit
}

/** Sends up the message that a JSON body says. */
export async function translateBody(
  exchange: Exchange,
  { call, methods, kit }: Translating,
): Promise<Exit | undefined> {
  const known = await methods()
  if (known === undefined) return UNEXPECTED
  const { path } = exchange.upstream
  call.method = known.find((one) => one.path === path)
  if (call.method === undefined) return refusedText(`Unkown path "${path}"`)
  const body = await readBytes(exchange, call.dialect.text, kit)
  if (!(body instanceof Uint8Array)) return body
  const message = call.dialect.framed ? firstMessage(body, kit.bodyLimit) : body
  const value = parseNested(new TextDecoder().decode(message))
  if (value === undefined) return refusedText('body must be JSON')
  const frame = frameOf(call.method.input, value)
  if (typeof frame === 'string') return refusedText(frame)
  exchange.upstream.setBody(frame)
  return undefined
}

async function readBytes(
  { request }: Exchange,
  text: boolean,
  { bodyLimit }: Kit,
): Promise<Uint8Array | Exit> {
  const body = await request.readBody(bodyLimit)
  if (body === undefined) return refusal(413, 'Request size limit exceeded')
  if (!text) return body
  return decodeText(body) ?? refusal(400, 'Bad request')
}

function firstMessage(body: Uint8Array, limit: number): Uint8Array {
  const [first] = createFrameReader(limit).push(body) ?? []
  return first?.message ?? new Uint8Array()
}

/** Turns an answer into what the client asked for. */
export function translateAnswer(
  response: AnswerSide,
  { dialect, method }: Call,
  { bodyLimit: limit }: Kit,
): void {
  const whole: Piece = dialect.text ? encodeText : (bytes) => bytes
  if (method === undefined) {
    frameTrailers(response, whole)
    return
  }
  const piece: Piece = dialect.framed ? (json) => whole(writeFrame(0, json)) : whole
  const translation = { type: method.output, limit, piece }
  if (dialect.framed) frameTrailers(response, whole, (body) => jsonMessages(body, translation))
  else {
    response.setTrailers(() => [])
    response.transform((body) => jsonMessages(body, translation))
  }
}
