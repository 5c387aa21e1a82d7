import type { ClientSide } from '../../pdk/exchange.ts'
import { isObject } from '../../schema/field.ts'
import type { Usage } from './driver.ts'
import { type JsonObject, numberAt, textAt } from './json-reading.ts'

/** Where such a request says what it wants beside its body. */
export type NativeAsked = Pick<ClientSide, 'rawPath' | 'captures'>

/** A provider's own dialect, in which requests and answers pass as they are. */
export interface NativeFormat {
  /** What can be checked of a request, in OpenAI's words: `model`, `stream`, `messages`. */
  readonly question: (asked: NativeAsked, body: JsonObject) => JsonObject
  readonly usage: (answer: unknown) => Usage
  /** The model that an answer says it is of. */
  readonly responseModel: (answer: unknown) => string | undefined
}

/** The dialects that clients may speak to their provider, by `llm_format`. */
const FORMATS: Readonly<Record<string, NativeFormat>> = {
  gemini: {
    question(asked, { contents }) {
      const { model, operation } = placeIn(asked, /\/models\/([^:]+):([^/]+)$/)
      return { model, stream: operation === 'streamGenerateContent', messages: listOf(contents) }
    },
    usage: (answer) => ({
      prompt: numberAt(answer, 'usageMetadata', 'promptTokenCount') ?? 0,
      completion: numberAt(answer, 'usageMetadata', 'candidatesTokenCount') ?? 0,
    }),
    responseModel: (answer) => textAt(answer, 'modelVersion'),
  },
  bedrock: {
    question(asked, { messages }) {
      const { model, operation } = placeIn(asked, /\/model\/([^/]+)\/([^/]+)$/)
      return { model: decoded(model), stream: operation === 'converse-stream', messages }
    },
    usage: (answer) => ({
      prompt: numberAt(answer, 'usage', 'inputTokens') ?? 0,
      completion: numberAt(answer, 'usage', 'outputTokens') ?? 0,
    }),
    responseModel: () => undefined,
  },
}

/** The dialect of that name; undefined for OpenAI's, which is everybody's. */
export function nativeFormat(name: string | null): NativeFormat | undefined {
  return name === null ? undefined : FORMATS[name]
}

/** Kong: the path counts unless captures of the route name both. */
function placeIn({ rawPath, captures: { named } }: NativeAsked, pattern: RegExp) {
  const { model, operation } = named
  if (model !== undefined && operation !== undefined) return { model, operation }
  const [, pathModel, pathOperation] = pattern.exec(rawPath) ?? []
  return { model: pathModel ?? model, operation: pathOperation ?? operation }
}

/** Gemini: one message need not be in a list. */
function listOf(contents: unknown): unknown {
  return isObject(contents) && Object.keys(contents).length > 0 ? [contents] : contents
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text)
  } catch {
    return text
  }
}
