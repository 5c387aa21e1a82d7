import { isObject } from '../../schema/field.ts'
import type { JsonObject } from './json-reading.ts'

/** A message in OpenAI's words. */
export interface ChatMessage {
  readonly role: string
  /** Undefined where there is more than text in it. */
  readonly content: string | undefined
}

/** What an operator puts around a chat. */
export interface Around {
  readonly prepend: readonly OwnMessage[]
  readonly append: readonly OwnMessage[]
}

type OwnMessage = ChatMessage & { readonly content: string }

/** How a chat lies in a request that is in its provider's own words. */
export interface NativeChat {
  /** Its messages, system instructions first; undefined for what is no chat. */
  messages(body: JsonObject): readonly ChatMessage[] | undefined
  /** The same request with messages around its own; undefined for what is no chat. */
  decorated(body: JsonObject, around: Around): JsonObject | undefined
}

/** Kong's `contents` and `system_instruction`; Google takes the latter under either name. */
const gemini: NativeChat = {
  messages(body) {
    const contents = contentsOf(body)
    const system = partsOf(instructionOf(body)?.value)
    return contents && [...systemMessages(system), ...contents.map(messageOfGemini)]
  },
  decorated(body, around) {
    const contents = contentsOf(body)
    if (contents === undefined) return undefined
    const { name, value } = instructionOf(body) ?? { name: 'system_instruction', value: undefined }
    const whole = (own: readonly OwnMessage[]) =>
      chatOf(own).map(({ role, content }) => ({
        role: role === 'assistant' ? 'model' : role,
        parts: [{ text: content }],
      }))
    const instruction = isObject(value) ? value : {}
    const system = withSystem(partsOf(value), around)
    return {
      ...body,
      contents: [...whole(around.prepend), ...contents, ...whole(around.append)],
      ...(hasSystem(around) ? { [name]: { ...instruction, parts: system } } : {}),
    }
  },
}

const bedrock: NativeChat = {
  messages({ messages, system }) {
    if (!isChat(messages)) return undefined
    return [...systemMessages(listOf(system)), ...messages.map(messageOfBedrock)]
  },
  decorated(body, around) {
    const { messages, system } = body
    if (!isChat(messages)) return undefined
    const whole = (own: readonly OwnMessage[]) =>
      chatOf(own).map(({ role, content }) => ({ role, content: [{ text: content }] }))
    return {
      ...body,
      messages: [...whole(around.prepend), ...messages, ...whole(around.append)],
      ...(hasSystem(around) ? { system: withSystem(listOf(system), around) } : {}),
    }
  },
}

const CHATS: Readonly<Record<string, NativeChat>> = { gemini, bedrock }

/** How chats lie in that `llm_format`; undefined for OpenAI's. */
export function nativeChat(format: string | null): NativeChat | undefined {
  return format === null ? undefined : CHATS[format]
}

const GEMINI_ROLES: ReadonlyMap<unknown, string> = new Map([
  ['model', 'assistant'],
  ['function', 'tool'],
  ['tool', 'tool'],
  ['system', 'system'],
])

/** Google takes a message without a role for the user's, and so is any other counted. */
function messageOfGemini(message: unknown): ChatMessage {
  const { role, parts } = isObject(message) ? message : {}
  const list = listOf(parts)
  const known = GEMINI_ROLES.get(role) ?? 'user'
  const results = list.length > 0 && list.every(isResult)
  return { role: results ? 'tool' : known, content: textOf(list.filter((one) => !isResult(one))) }
}

/** Kong: what a tool gave comes as the user's message, and counts as the tool's. */
function messageOfBedrock(message: unknown): ChatMessage {
  const { role, content } = isObject(message) ? message : {}
  const list = listOf(content)
  const results = list.length > 0 && list.every(isResult)
  const own = role === 'assistant' ? 'assistant' : 'user'
  return { role: results ? 'tool' : own, content: textOf(list.filter((one) => !isResult(one))) }
}

const RESULTS = ['toolResult', 'functionResponse', 'function_response']

function isResult(part: unknown): boolean {
  return isObject(part) && !('text' in part) && RESULTS.some((name) => name in part)
}

/** The texts of a message are one text; a mark of what to keep in a cache is none. */
function textOf(parts: readonly unknown[]): string | undefined {
  let text = ''
  for (const part of parts) {
    if (isObject(part) && 'cachePoint' in part && !('text' in part)) continue
    if (!isObject(part) || typeof part.text !== 'string') return undefined
    text += part.text
  }
  return text
}

function systemMessages(parts: readonly unknown[]): readonly ChatMessage[] {
  return parts.length === 0 ? [] : [{ role: 'system', content: textOf(parts) }]
}

function contentsOf({ contents }: JsonObject): readonly unknown[] | undefined {
  if (isChat(contents)) return contents
  // Kong: one message need not be in a list.
  return isObject(contents) && Object.keys(contents).length > 0 ? [contents] : undefined
}

function instructionOf(body: JsonObject): { name: string; value: unknown } | undefined {
  const name = ['system_instruction', 'systemInstruction'].find((one) => isObject(body[one]))
  return name === undefined ? undefined : { name, value: body[name] }
}

function partsOf(instruction: unknown): readonly unknown[] {
  return isObject(instruction) ? listOf(instruction.parts) : []
}

function hasSystem({ prepend, append }: Around): boolean {
  return [...prepend, ...append].some(isSystem)
}

function withSystem(parts: readonly unknown[], { prepend, append }: Around): readonly unknown[] {
  const texts = (own: readonly OwnMessage[]) =>
    own.filter(isSystem).map(({ content }) => ({ text: content }))
  return [...texts(prepend), ...parts, ...texts(append)]
}

function chatOf(own: readonly OwnMessage[]): readonly OwnMessage[] {
  return own.filter((message) => !isSystem(message))
}

function isSystem({ role }: ChatMessage): boolean {
  return role === 'system'
}

function isChat(messages: unknown): messages is readonly unknown[] {
  return Array.isArray(messages) && messages.length > 0
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return isObject(value) && Object.keys(value).length > 0 ? [value] : []
}
