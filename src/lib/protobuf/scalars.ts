import { decodeBase64, encodeBase64 } from '../base64.ts'
import type { ByteReader, ByteWriter } from './wire.ts'

/** The types of a single value. */
export type Scalar = (typeof SCALARS)[number]

const SCALARS = [
  'double',
  'float',
  'int32',
  'int64',
  'uint32',
  'uint64',
  'sint32',
  'sint64',
  'fixed32',
  'fixed64',
  'sfixed32',
  'sfixed64',
  'bool',
  'string',
  'bytes',
] as const

/** Whether a type's name is that of a single value. */
export function isScalar(type: string): type is Scalar {
  return (SCALARS as readonly string[]).includes(type)
}

/** A JSON value that does not fit its field. */
export class ValueError extends Error {
  override readonly name = 'ValueError'
}

/** How values stand on the wire: 0 varint, 1 eight bytes, 2 with a length, 5 four bytes. */
export function wireTypeOf(scalar: Scalar): number {
  if (scalar === 'string' || scalar === 'bytes') return 2
  if (scalar === 'double' || scalar.endsWith('fixed64')) return 1
  return scalar === 'float' || scalar.endsWith('fixed32') ? 5 : 0
}

/** What a field that was not sent is. */
export function zeroOf(scalar: Scalar): unknown {
  if (scalar === 'bool') return false
  return scalar === 'string' || scalar === 'bytes' ? '' : 0
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Writes a JSON value, without tag; throws a ValueError. */
export function writeScalar(writer: ByteWriter, scalar: Scalar, value: unknown): void {
  if (scalar === 'string') writer.bytes(encoder.encode(textOf(value)))
  else if (scalar === 'bytes') writer.bytes(bytesOf(value))
  else if (scalar === 'bool') writer.varint(boolOf(value) ? 1n : 0n)
  else if (scalar === 'double') writer.double(numberOf(value))
  else if (scalar === 'float') writer.float(numberOf(value))
  else writeInteger(writer, scalar, integerOf(value))
}

function writeInteger(writer: ByteWriter, scalar: Scalar, integer: bigint): void {
  if (scalar.endsWith('fixed64')) writer.fixed64(integer)
  else if (scalar.endsWith('fixed32')) writer.fixed32(integer)
  else {
    const zigzag = scalar.startsWith('sint') ? (integer << 1n) ^ (integer >> 63n) : integer
    writer.varint(BigInt.asUintN(64, zigzag))
  }
}

/** Reads a value, without tag, as JSON has it. */
export function readScalar(reader: ByteReader, scalar: Scalar): unknown {
  if (scalar === 'string') return decoder.decode(reader.bytes())
  if (scalar === 'bytes') return encodeBase64(reader.bytes())
  if (scalar === 'bool') return reader.varint() !== 0n
  if (scalar === 'double') return finite(reader.double())
  if (scalar === 'float') return finite(reader.float())
  return jsonInteger(readInteger(reader, scalar))
}

function readInteger(reader: ByteReader, scalar: Scalar): bigint {
  const bits = scalar.endsWith('64') ? 64 : 32
  const unsigned = scalar.startsWith('u') || scalar.startsWith('fixed')
  const raw = !scalar.includes('fixed')
    ? reader.varint()
    : bits === 64
      ? reader.fixed64()
      : reader.fixed32()
  if (scalar.startsWith('sint')) return BigInt.asIntN(bits, (raw >> 1n) ^ -(raw & 1n))
  return unsigned ? BigInt.asUintN(bits, raw) : BigInt.asIntN(bits, raw)
}

/** A number where JSON's readers keep it exact, else a text. */
function jsonInteger(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : `${value}`
}

/** JSON has no word for the others; they are texts, as in its mapping. */
function finite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  throw new ValueError('expected a string')
}

function bytesOf(value: unknown): Uint8Array {
  const bytes = typeof value === 'string' ? decodeBase64(value) : undefined
  if (bytes === undefined) throw new ValueError('expected base64')
  return bytes
}

function boolOf(value: unknown): boolean {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw new ValueError('expected a boolean')
}

const NUMBERS = /^(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|-?Infinity)$/

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string' && NUMBERS.test(value)) return Number(value)
  throw new ValueError('expected a number')
}

function integerOf(value: unknown): bigint {
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value)
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value)
  throw new ValueError('expected an integer')
}
