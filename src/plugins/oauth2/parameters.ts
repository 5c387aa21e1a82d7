import type { Exchange } from '../../pdk/exchange.ts'
import { readForm } from '../../pdk/form.ts'
import { getOwn } from '../../schema/field.ts'

/** What was asked for, of the query and of the body; the latter wins. */
export interface Parameters {
  /** The text of a parameter; undefined when it is absent, repeated, or no text. */
  text(name: string): string | undefined
  /** Whether it is there, in whatever shape. */
  has(name: string): boolean
}

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH'])

/** Whether a request of this method may say something in its body. */
export function mayHaveBody({ request }: Pick<Exchange, 'request'>): boolean {
  return request.hasBody && WITH_BODY.has(request.method)
}

/** Reads them; a body of more than `limit` bytes, or one that is no form, says nothing. */
export async function readParameters(exchange: Exchange, limit: number): Promise<Parameters> {
  const form = mayHaveBody(exchange) ? await readForm(exchange, limit) : undefined
  return parametersOf(exchange, form?.fields)
}

/** The same with what the body's fields are known to be. */
export function parametersOf(
  { request }: Pick<Exchange, 'request'>,
  fields: Readonly<Record<string, unknown>> = {},
): Parameters {
  const sent = (name: string): unknown => {
    const value = getOwn(fields, name)
    if (value !== undefined) return value
    const values = request.queryArg(name)
    return values.length > 1 ? values : values[0]
  }
  return {
    text(name) {
      const value = sent(name)
      return typeof value === 'string' ? value : undefined
    },
    has: (name) => sent(name) !== undefined,
  }
}
