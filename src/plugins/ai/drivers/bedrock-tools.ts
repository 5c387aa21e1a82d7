import { isObject } from '../../../schema/field.ts'
import { at, type JsonObject, textAt } from '../json-reading.ts'
import { callsIn, type ToolCall, toolsOf } from './openai-tools.ts'

/** The tools of a request in Bedrock's words; a `toolConfig` of its own counts first. */
export function toolConfigOf(body: JsonObject): unknown {
  const own = at(body, 'bedrock', 'toolConfig')
  if (own !== undefined) return own
  const tools = toolsOf(body)?.map(({ name, description, parameters }) => {
    return { toolSpec: { name, description, inputSchema: { json: parameters ?? {} } } }
  })
  return tools === undefined ? undefined : { tools }
}

/** A message; calls of tools and what came of them are parts of it. */
export function turnOf(message: unknown): JsonObject {
  const content = at(message, 'content')
  if (at(message, 'role') === 'tool') return resultOf(message)
  const role = at(message, 'role') === 'assistant' ? 'assistant' : 'user'
  const calls = callsIn(message).map(({ id, name, input }) => {
    return { toolUse: { toolUseId: id, name, input } }
  })
  if (calls.length === 0) {
    return { role, content: Array.isArray(content) ? content : [{ text: content ?? '' }] }
  }
  const said = typeof content === 'string' && content !== '' ? [{ text: content }] : []
  return { role, content: [...said, ...calls] }
}

function resultOf(message: unknown): JsonObject {
  const content = at(message, 'content')
  const text = typeof content === 'string' ? content : JSON.stringify(content ?? '')
  const toolResult = { toolUseId: at(message, 'tool_call_id'), content: [{ text }] }
  return { role: 'user', content: [{ toolResult }] }
}

/** The calls that an answer's parts ask for. */
export function callsOf(parts: readonly unknown[]): readonly ToolCall[] {
  return parts.flatMap((part) => {
    const call = at(part, 'toolUse')
    if (!isObject(call)) return []
    return [{ id: textAt(call, 'toolUseId'), name: textAt(call, 'name'), input: call.input }]
  })
}
