import type { ProtoFile, WrittenField, WrittenMethod } from './file.ts'
import { isScalar, type Scalar } from './scalars.ts'
import { ProtoError } from './tokens.ts'

/** What a field holds. */
export type FieldKind =
  | { readonly kind: 'scalar'; readonly scalar: Scalar }
  | {
      readonly kind: 'enum'
      readonly names: ReadonlyMap<number, string>
      readonly values: ReadonlyMap<string, number>
    }
  | { readonly kind: 'message'; readonly message: MessageType }

/** A field, its type found. */
export interface FieldType {
  readonly name: string
  /** As JSON has it too: `userId` of `user_id`. */
  readonly jsonName: string
  readonly number: number
  readonly label: WrittenField['label']
  readonly value: FieldKind
  /** Of a map: what its keys are. */
  readonly key: Scalar | undefined
}

/** A message, its fields found. */
export interface MessageType {
  readonly name: string
  readonly fields: readonly FieldType[]
  readonly byName: ReadonlyMap<string, FieldType>
  readonly byNumber: ReadonlyMap<number, FieldType>
}

/** A method, its messages found. */
export interface Method extends Pick<WrittenMethod, 'http'> {
  /** `/package.Service/Method`. */
  readonly path: string
  readonly input: MessageType
  readonly output: MessageType
}

interface Opened extends MessageType {
  readonly fields: FieldType[]
  readonly byName: Map<string, FieldType>
  readonly byNumber: Map<number, FieldType>
}

/** Finds the types of all files; throws a ProtoError for what is nowhere. */
export function linkMethods(files: readonly ProtoFile[]): readonly Method[] {
  const find = createFinder(files)
  for (const { messages } of files) {
    for (const { name, fields } of messages) fillMessage(find, name, fields)
  }
  return files.flatMap(({ methods }) =>
    methods.map(({ service, name, input, output, http }) => ({
      path: `/${service}/${name}`,
      input: messageOf(find(input, service), input),
      output: messageOf(find(output, service), output),
      http,
    })),
  )
}

type Finder = (type: string, scope: string) => FieldKind | undefined

/** A name is looked for here, then in what is around here, as in C++. */
function createFinder(files: readonly ProtoFile[]): Finder {
  const known = new Map<string, FieldKind>()
  for (const { messages, enums } of files) {
    for (const { name } of messages) known.set(name, { kind: 'message', message: opened(name) })
    for (const { name, values } of enums) known.set(name, enumKind(values))
  }
  return (type, scope) => {
    if (type.startsWith('.')) return known.get(type.slice(1))
    for (let at = scope; at !== ''; at = at.includes('.') ? at.slice(0, at.lastIndexOf('.')) : '') {
      const found = known.get(`${at}.${type}`)
      if (found !== undefined) return found
    }
    return known.get(type)
  }
}

function enumKind(values: ReadonlyMap<string, number>): FieldKind {
  const names = new Map<number, string>()
  for (const [name, value] of values) if (!names.has(value)) names.set(value, name)
  return { kind: 'enum', names, values }
}

function opened(name: string): Opened {
  return { name, fields: [], byName: new Map(), byNumber: new Map() }
}

function fillMessage(find: Finder, name: string, written: readonly WrittenField[]): void {
  // Each message was put there as one that is still open.
  const message = messageOf(find(`.${name}`, ''), name) as Opened
  for (const field of written) {
    const made = fieldOf(find, name, field)
    message.fields.push(made)
    message.byNumber.set(made.number, made)
    message.byName.set(made.jsonName, made)
    message.byName.set(made.name, made)
  }
}

function fieldOf(find: Finder, scope: string, written: WrittenField): FieldType {
  const { name, number, label, type, keyType } = written
  const value: FieldKind | undefined = isScalar(type)
    ? { kind: 'scalar', scalar: type }
    : find(type, scope)
  if (value === undefined) throw new ProtoError(`cannot find type '${type}' of '${scope}.${name}'`)
  if (keyType !== undefined && !isScalar(keyType)) {
    throw new ProtoError(`'${keyType}' cannot be the key of map '${scope}.${name}'`)
  }
  const jsonName = name.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase())
  return { name, jsonName, number, label, value, key: keyType }
}

function messageOf(found: FieldKind | undefined, name: string): MessageType {
  if (found?.kind !== 'message') throw new ProtoError(`cannot find message '${name}'`)
  return found.message
}
