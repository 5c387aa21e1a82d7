import type { ProtoFile, WrittenEnum, WrittenField, WrittenMessage, WrittenMethod } from './file.ts'
import { parseOptionMessage } from './parse-option.ts'
import { createReader, type Reader, unexpected } from './reader.ts'
import { ProtoError } from './tokens.ts'

interface Found {
  package: string
  readonly imports: string[]
  readonly messages: WrittenMessage[]
  readonly enums: WrittenEnum[]
  readonly methods: WrittenMethod[]
}

/** Parses a .proto file of either syntax; throws a ProtoError. */
export function parseProto(source: string): ProtoFile {
  const reader = createReader(source)
  const found: Found = { package: '', imports: [], messages: [], enums: [], methods: [] }
  while (reader.peek().kind !== 'end') parseTop(reader, found)
  return found
}

function parseTop(reader: Reader, found: Found): void {
  if (reader.accept(';')) return
  const word = reader.peek()
  if (reader.accept('package')) {
    found.package = reader.take('name')
    reader.expect(';')
  } else if (reader.accept('import')) {
    if (reader.peek().kind === 'name') reader.next()
    found.imports.push(reader.take('string'))
    reader.expect(';')
  } else if (reader.accept('message')) parseMessage(reader, found, found.package)
  else if (reader.accept('enum')) parseEnum(reader, found, found.package)
  else if (reader.accept('service')) parseService(reader, found)
  else if (SKIPPED.has(word.text)) reader.skipStatement()
  else throw unexpected(word)
}

const SKIPPED: ReadonlySet<string> = new Set(['syntax', 'option', 'extend', 'edition'])
const SKIPPED_IN_MESSAGE: ReadonlySet<string> = new Set([
  'option',
  'reserved',
  'extensions',
  'extend',
])

function join(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`
}

/** Nobody nests deeper, and the parser's stack would end. */
const DEEPEST = 50

function parseMessage(reader: Reader, found: Found, scope: string, depth = 0): void {
  if (depth > DEEPEST) throw new ProtoError('messages are nested too deep')
  const name = join(scope, reader.take('name'))
  const fields: WrittenField[] = []
  found.messages.push({ name, fields })
  reader.expect('{')
  while (!reader.accept('}')) {
    if (reader.accept('message')) parseMessage(reader, found, name, depth + 1)
    else if (reader.accept('enum')) parseEnum(reader, found, name)
    else if (reader.accept('oneof')) parseOneof(reader, fields)
    else if (SKIPPED_IN_MESSAGE.has(reader.peek().text)) reader.skipStatement()
    else if (!reader.accept(';')) fields.push(parseField(reader))
  }
}

/** Its fields are there or not, as optional ones are. */
function parseOneof(reader: Reader, fields: WrittenField[]): void {
  reader.take('name')
  reader.expect('{')
  while (!reader.accept('}')) {
    if (reader.peek().text === 'option') reader.skipStatement()
    else if (!reader.accept(';')) fields.push({ ...parseField(reader), label: 'optional' })
  }
}

function parseField(reader: Reader): WrittenField {
  const label = parseLabel(reader)
  const { type, keyType } = parseType(reader)
  const name = reader.take('name')
  reader.expect('=')
  const number = Number(reader.take('number'))
  reader.skipStatement()
  return { name, number, type, keyType, label }
}

function parseLabel(reader: Reader): WrittenField['label'] {
  if (reader.accept('repeated')) return 'repeated'
  return reader.accept('optional') || reader.accept('required') ? 'optional' : 'one'
}

function parseType(reader: Reader): Pick<WrittenField, 'type' | 'keyType'> {
  const type = reader.take('name')
  if (type !== 'map' || !reader.accept('<')) return { type, keyType: undefined }
  const keyType = reader.take('name')
  reader.expect(',')
  const valueType = reader.take('name')
  reader.expect('>')
  return { type: valueType, keyType }
}

function parseEnum(reader: Reader, found: Found, scope: string): void {
  const name = join(scope, reader.take('name'))
  const values = new Map<string, number>()
  reader.expect('{')
  while (!reader.accept('}')) {
    if (reader.accept(';')) continue
    const word = reader.take('name')
    if (reader.accept('=')) values.set(word, Number(reader.take('number')))
    reader.skipStatement()
  }
  found.enums.push({ name, values })
}

function parseService(reader: Reader, found: Found): void {
  const service = join(found.package, reader.take('name'))
  reader.expect('{')
  while (!reader.accept('}')) {
    if (reader.accept('rpc')) found.methods.push(parseMethod(reader, service))
    else if (!reader.accept(';')) reader.skipStatement()
  }
}

function parseMethod(reader: Reader, service: string): WrittenMethod {
  const name = reader.take('name')
  const input = parseMethodType(reader)
  reader.expect('returns')
  const output = parseMethodType(reader)
  const http = reader.accept(';') ? [] : parseMethodOptions(reader)
  return { service, name, input, output, http }
}

function parseMethodType(reader: Reader): string {
  reader.expect('(')
  const first = reader.take('name')
  const type = first === 'stream' && reader.peek().kind === 'name' ? reader.take('name') : first
  reader.expect(')')
  return type
}

function parseMethodOptions(reader: Reader): WrittenMethod['http'] {
  const http: WrittenMethod['http'][number][] = []
  reader.expect('{')
  while (!reader.accept('}')) {
    if (reader.accept(';')) continue
    reader.expect('option')
    const isHttp = reader.accept('(') && reader.accept('google.api.http')
    if (!isHttp) reader.skipStatement()
    else {
      reader.expect(')')
      reader.expect('=')
      http.push(parseOptionMessage(reader))
      reader.accept(';')
    }
  }
  return http
}
