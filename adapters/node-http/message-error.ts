/** A message that breaks HTTP, or broke off; `code` goes to the log and never to a client. */
export class MessageError extends Error {
  readonly code: string

  constructor(code: string) {
    super(code)
    this.name = 'MessageError'
    this.code = code
  }
}
