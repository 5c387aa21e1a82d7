import { type Call, isUnmapped, type Unmapped, unmapped } from '../driver.ts'
import { at, type JsonObject, listAt, textAt } from '../json-reading.ts'
import { mergeOptions } from '../merge-options.ts'
import { geminiPart } from './gemini-part.ts'

/** A chat for Gemini. */
export function geminiRequest(body: JsonObject, call: Call): JsonObject | Unmapped {
  const merged = mergeOptions(body, call.model.options)
  const messages = listAt(body, 'messages')
  const system = messages.filter(isSystem).map((message) => textAt(message, 'content') ?? '')
  if (system.length > 0 && call.model.name.startsWith('gemini-1.0')) {
    return unmapped("system prompts aren't supported on gemini-1.0 models")
  }
  const contents: JsonObject[] = []
  for (const [index, message] of messages.entries()) {
    if (isSystem(message)) continue
    const content = contentOf(message, index + 1)
    if (isUnmapped(content)) return content
    contents.push(content)
  }
  return {
    contents,
    ...(system.length === 0 ? {} : { systemInstruction: { parts: [{ text: system.join('') }] } }),
    generationConfig: {
      maxOutputTokens: merged.max_tokens,
      stopSequences: merged.stop,
      temperature: merged.temperature,
      topK: merged.top_k,
      topP: merged.top_p,
    },
    tools: toolsOf(body),
    tool_config: body.tool_config,
  }
}

function isSystem(message: unknown): boolean {
  return at(message, 'role') === 'system'
}

function contentOf(message: unknown, position: number): JsonObject | Unmapped {
  const content = at(message, 'content')
  const calls = listAt(message, 'tool_calls')
  if (at(message, 'role') === 'tool') {
    const name = textAt(message, 'name') ?? textAt(message, 'tool_call_id') ?? ''
    const response = { content: [content] }
    return { role: 'function', parts: [{ function_response: { response, name } }] }
  }
  if (at(message, 'role') === 'assistant' && calls.length > 0) {
    const parts = calls.map((one) => ({ function_call: { name: at(one, 'function', 'name') } }))
    return { role: 'function', parts }
  }
  const role = at(message, 'role') === 'assistant' ? 'model' : 'user'
  if (typeof content === 'string') return { role, parts: [{ text: content }] }
  return partsOf(content, role, position)
}

function partsOf(content: unknown, role: string, position: number): JsonObject | Unmapped {
  const given = listAt(content)
  if (given.length === 0) {
    return unmapped(`message at position ${position} does not match expected array format`)
  }
  const parts: JsonObject[] = []
  for (const one of given) {
    const part = geminiPart(one)
    if (isUnmapped(part)) return part
    parts.push(part)
  }
  return { role, parts }
}

function toolsOf(body: JsonObject): unknown {
  const functions = listAt(body, 'tools').flatMap((tool) => at(tool, 'function') ?? [])
  return functions.length === 0 ? undefined : [{ function_declarations: functions }]
}
