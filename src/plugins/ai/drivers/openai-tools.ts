import { isObject } from '../../../schema/field.ts'
import { at, type JsonObject, listAt, parseJson, textAt } from '../json-reading.ts'

/** A function that a model may call. */
interface Tool {
  readonly name: string | undefined
  readonly description: string | undefined
  /** A JSON schema of its arguments. */
  readonly parameters: unknown
}

/** A call that a model has asked for. */
export interface ToolCall {
  readonly id: string | undefined
  readonly name: string | undefined
  /** What its arguments spell. */
  readonly input: unknown
}

/** The functions that a request offers; undefined for none. */
export function toolsOf(body: JsonObject): readonly Tool[] | undefined {
  const functions = listAt(body, 'tools').flatMap((tool) => {
    const called = at(tool, 'function')
    return isObject(called) ? [called] : []
  })
  if (functions.length === 0) return undefined
  return functions.map((called) => ({
    name: textAt(called, 'name'),
    description: textAt(called, 'description'),
    parameters: called.parameters,
  }))
}

/** The calls of the assistant's message. */
export function callsIn(message: unknown): readonly ToolCall[] {
  if (at(message, 'role') !== 'assistant') return []
  return listAt(message, 'tool_calls').map((call) => ({
    id: textAt(call, 'id'),
    name: textAt(call, 'function', 'name'),
    input: parseJson(textAt(call, 'function', 'arguments') ?? '') ?? {},
  }))
}

/** Writes the calls of one stream as OpenAI's deltas. */
export interface CallDeltas {
  begun(call: Pick<ToolCall, 'id' | 'name'>): JsonObject
  /** A piece of what the last one is given. */
  goesOn(written: string): JsonObject
}

/** Prepares that; calls come one after the other. */
export function createCallDeltas(): CallDeltas {
  let begun = 0
  return {
    begun({ id, name }) {
      const call = { index: begun, id, type: 'function', function: { name, arguments: '' } }
      begun++
      return { content: null, role: 'assistant', tool_calls: [call] }
    },
    goesOn: (written) => ({
      tool_calls: [{ index: Math.max(begun - 1, 0), function: { arguments: written } }],
    }),
  }
}

/** Calls as OpenAI's answers have them; undefined for none. */
export function writtenCalls(calls: readonly ToolCall[]): readonly JsonObject[] | undefined {
  if (calls.length === 0) return undefined
  return calls.map(({ id, name, input }) => ({
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(input ?? {}) },
  }))
}
