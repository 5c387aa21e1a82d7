import { at, type JsonObject, textAt } from '../json-reading.ts'
import { callsIn, type ToolCall, toolsOf } from './openai-tools.ts'

/** What a request says of tools, in Anthropic's words. */
export function toolFields(body: JsonObject): JsonObject {
  const tools = toolsOf(body)?.map(({ name, description, parameters }) => {
    return { name, description, input_schema: parameters }
  })
  return { tools, tool_choice: choiceOf(body.tool_choice) }
}

/** Kong: a choice that is none is left out. */
function choiceOf(choice: unknown): JsonObject | undefined {
  if (choice === 'required') return { type: 'any' }
  if (choice === 'none' || choice === 'auto') return { type: choice }
  const name = textAt(choice, 'function', 'name')
  if (at(choice, 'type') !== 'function' || name === undefined) return undefined
  return { type: 'tool', name }
}

/** A message; calls of tools and what came of them are parts of it. */
export function turnOf(message: unknown): unknown {
  const calls = callsIn(message)
  if (calls.length > 0) {
    const content = calls.map(({ id, name, input }) => ({ type: 'tool_use', id, name, input }))
    return { role: 'assistant', content }
  }
  if (at(message, 'role') !== 'tool') return message
  const tool_use_id = at(message, 'tool_call_id')
  const result = { type: 'tool_result', tool_use_id, content: at(message, 'content') }
  return { role: 'user', content: [result] }
}

/** The calls that an answer's parts ask for. */
export function callsOf(parts: readonly unknown[]): readonly ToolCall[] {
  return parts
    .filter((part) => at(part, 'type') === 'tool_use')
    .map((part) => ({
      id: textAt(part, 'id'),
      name: textAt(part, 'name'),
      input: at(part, 'input'),
    }))
}
