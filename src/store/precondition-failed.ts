/** The row is not what the writer believes; nothing was written. */
export class PreconditionFailed extends Error {
  override readonly name = 'PreconditionFailed'
}
