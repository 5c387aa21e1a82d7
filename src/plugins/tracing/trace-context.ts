/** What tracing headers say of a request; ids in lower-case hexadecimal. */
export interface TraceContext {
  /** 32 digits. */
  readonly traceId?: string | undefined
  /** How many bytes it had where it came from. */
  readonly traceIdSize?: number | undefined
  /** 16 digits: of the sender's span, or of the one that both sides share. */
  readonly spanId?: string | undefined
  /** 16 digits: the parent of a shared span. */
  readonly parentId?: string | undefined
  /** Both sides of a request have the same span, as with B3 and Jaeger. */
  readonly sharesSpan?: boolean
  /** Undefined where the decision is left to us. */
  readonly sampled?: boolean | undefined
  readonly baggage?: Readonly<Record<string, string>> | undefined
  /** `X-B3-Flags`. */
  readonly flags?: string | undefined
  /** It came in one `b3` header. */
  readonly singleHeader?: boolean
}

/** What goes on: a trace and the span that asks. */
export interface OutgoingTrace extends TraceContext {
  readonly traceId: string
  readonly spanId: string
  readonly sampled: boolean
}

/** An id cut from the left or filled up by zeros to so many bytes. */
export function sizedId(id: string, bytes: number): string {
  return id.length > bytes * 2 ? id.slice(-bytes * 2) : id.padStart(bytes * 2, '0')
}

/** The ids as they came, brought to our sizes. */
export function readIds(ids: {
  readonly traceId: string
  readonly spanId?: string | undefined
  readonly parentId?: string | undefined
}): Pick<TraceContext, 'traceId' | 'traceIdSize' | 'spanId' | 'parentId'> {
  const { traceId, spanId, parentId } = ids
  return {
    traceId: sizedId(traceId.toLowerCase(), 16),
    traceIdSize: Math.ceil(traceId.length / 2),
    spanId: spanId === undefined ? undefined : sizedId(spanId.toLowerCase(), 8),
    parentId: parentId === undefined ? undefined : sizedId(parentId.toLowerCase(), 8),
  }
}

/** A new id of so many bytes. */
export function newId(bytes: number, random: () => number): string {
  let id = ''
  for (let left = bytes; left > 0; left -= 4) {
    id += Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')
  }
  return id
}
