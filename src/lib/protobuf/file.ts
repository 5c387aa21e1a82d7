/** What a .proto file says, names as they are written in it. */
export interface ProtoFile {
  readonly package: string
  readonly imports: readonly string[]
  readonly messages: readonly WrittenMessage[]
  readonly enums: readonly WrittenEnum[]
  readonly methods: readonly WrittenMethod[]
}

/** A message with its full name. */
export interface WrittenMessage {
  readonly name: string
  readonly fields: readonly WrittenField[]
}

/** A field of it. */
export interface WrittenField {
  readonly name: string
  readonly number: number
  /** A scalar's name, or that of a message or enum as seen from here. */
  readonly type: string
  readonly label: 'repeated' | 'optional' | 'one'
  /** Of a map: the type of its keys; `type` is that of its values. */
  readonly keyType: string | undefined
}

/** An enum with its full name. */
export interface WrittenEnum {
  readonly name: string
  readonly values: ReadonlyMap<string, number>
}

/** A method of a service. */
export interface WrittenMethod {
  readonly service: string
  readonly name: string
  readonly input: string
  readonly output: string
  /** What `google.api.http` says of it: `{ get: '/v1/{name}', additional_bindings: [{ … }] }`. */
  readonly http: readonly TextMessage[]
}

/** A message in text form; several of a name are listed. */
export type TextMessage = ReadonlyMap<string, readonly (string | TextMessage)[]>
