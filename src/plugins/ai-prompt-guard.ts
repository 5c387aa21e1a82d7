import { messageOf } from '../lib/message-of.ts'
import { compileRouteRegex, type RouteRegex } from '../lib/regex.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { isObject } from '../schema/field.ts'
import type { JsonObject } from './ai/json-reading.ts'
import { llmFormat, maxRequestBodySize } from './ai/llm-fields.ts'
import { nativeChat } from './ai/native-chat.ts'
import { PROMPT_LIMIT, readPrompt, refuse } from './ai/prompt.ts'

const patterns = {
  type: 'array',
  required: false,
  len_max: 10,
  elements: { type: 'string', len_min: 1, len_max: 500 },
} as const

/** Lets prompts through or not, by patterns. */
export const aiPromptGuard = definePlugin(
  {
    name: 'ai-prompt-guard',
    priority: 771,
    about: {
      summary: 'Lets prompts for a model through, or refuses them, by patterns.',
      example: { deny_patterns: ['(?i)password'] },
      notes: [
        'A prompt that matches one of `deny_patterns` is answered 400; so is one that matches none of `allow_patterns`, where there are any. The answer does not say why.',
        'What users said is looked at, the latest message first, or only that with `allow_all_conversation_history`; with `match_all_roles` what anybody said.',
        'A message whose content is not a text, such as one with pictures, is refused.',
        '`llm_format` says in whose words the prompt is: of `gemini` and `bedrock` the texts of a message are looked at as one, and what tools gave counts as said by the tool.',
        'Patterns run in linear time: look-around and back-references are refused when configured.',
      ],
    },
    needs: (_caps, config) => badPattern(config),
    config: {
      type: 'record',
      required: true,
      fields: {
        allow_patterns: patterns,
        deny_patterns: patterns,
        allow_all_conversation_history: { type: 'boolean', required: true, default: false },
        max_request_body_size: maxRequestBodySize,
        match_all_roles: { type: 'boolean', required: true, default: false },
        llm_format: llmFormat,
      },
    },
    entityChecks: [
      { at_least_one_of: ['config.allow_patterns', 'config.deny_patterns'] },
      {
        conditional: {
          if_field: 'config.match_all_roles',
          if_match: { eq: true },
          then_field: 'config.allow_all_conversation_history',
          then_match: { eq: false },
        },
      },
    ],
  },
  (config) => {
    const limit = config.max_request_body_size ?? PROMPT_LIMIT
    const chat = nativeChat(config.llm_format)
    const denied = (config.deny_patterns ?? []).map(compile)
    const allowed = (config.allow_patterns ?? []).map(compile)
    const isRefused = (text: string): boolean =>
      denied.some((regex) => regex.test(text)) ||
      (allowed.length > 0 && !allowed.some((regex) => regex.test(text)))

    return {
      async access(exchange) {
        const body = await readPrompt(exchange, limit)
        if (body === undefined) return refuse(400, NO_JSON)
        const said = whatIsSaid(
          chat === undefined ? body : { messages: chat.messages(body) },
          config,
        )
        // Kong: nobody is told what looks at prompts here.
        return said === undefined || isRefused(said) ? refuse(400, 'bad request') : undefined
      },
    }
  },
)

const NO_JSON = 'this LLM route only supports application/json requests'

interface Looking {
  readonly allow_all_conversation_history: boolean
  readonly match_all_roles: boolean
}

/** The text to look at, the latest message first; undefined for a prompt of no known form. */
function whatIsSaid({ messages, prompt }: JsonObject, looking: Looking): string | undefined {
  if (!Array.isArray(messages)) return typeof prompt === 'string' ? prompt : undefined
  let said = ''
  for (const message of messages.toReversed()) {
    if (!isObject(message) || typeof message.role !== 'string') return undefined
    if (message.role !== 'user' && !looking.match_all_roles) continue
    if (typeof message.content !== 'string') return undefined
    if (looking.allow_all_conversation_history) return message.content
    said += `${message.content} `
  }
  return said
}

function compile(source: string): RouteRegex {
  return compileRouteRegex(source, { anchored: false })
}

function badPattern(config: Readonly<Record<string, unknown>>): string | undefined {
  for (const name of ['allow_patterns', 'deny_patterns']) {
    const patterns = config[name]
    for (const source of Array.isArray(patterns) ? patterns : []) {
      try {
        compile(String(source))
      } catch (error) {
        return `${name}: ${messageOf(error)}`
      }
    }
  }
  return undefined
}
