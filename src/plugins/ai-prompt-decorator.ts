import { definePlugin } from '../pdk/plugin.ts'
import { messages } from './ai/chat-fields.ts'
import { llmFormat, maxRequestBodySize } from './ai/llm-fields.ts'
import { type NativeChat, nativeChat } from './ai/native-chat.ts'
import { PROMPT_LIMIT, readPrompt, refuse, replacePrompt } from './ai/prompt.ts'

/** Puts messages before or after the chat a client sends. */
export const aiPromptDecorator = definePlugin(
  {
    name: 'ai-prompt-decorator',
    priority: 772,
    about: {
      summary: 'Puts messages of yours before or after the chat that a client sends to a model.',
      example: {
        prompts: { prepend: [{ role: 'system', content: 'You speak like a lawyer.' }] },
      },
      notes: [
        'Requests that are no chat, or are longer than `max_request_body_size`, are answered 400.',
        '`llm_format` says in whose words the chat is: of OpenAI (`messages`), `gemini` (`contents`; messages of the system go to `system_instruction`) or `bedrock` (`messages`; `system`).',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        prompts: {
          type: 'record',
          required: false,
          fields: {
            prepend: messages,
            append: messages,
          },
        },
        max_request_body_size: maxRequestBodySize,
        llm_format: llmFormat,
      },
    },
    entityChecks: [{ at_least_one_of: ['config.prompts.prepend', 'config.prompts.append'] }],
  },
  (config) => {
    const limit = config.max_request_body_size ?? PROMPT_LIMIT
    const prepend = config.prompts?.prepend ?? []
    const append = config.prompts?.append ?? []
    const chat = nativeChat(config.llm_format) ?? OPENAI

    return {
      async access(exchange) {
        const body = await readPrompt(exchange, limit)
        if (body === undefined) return refuse(400, NO_JSON)
        const decorated = chat.decorated(body, { prepend, append })
        if (decorated === undefined) return refuse(400, NO_CHAT)
        replacePrompt(exchange, decorated)
        return undefined
      },
    }
  },
)

const OPENAI: Pick<NativeChat, 'decorated'> = {
  decorated(body, { prepend, append }) {
    const { messages } = body
    if (!Array.isArray(messages) || messages.length === 0) return undefined
    return { ...body, messages: [...prepend, ...messages, ...append] }
  },
}

const NO_JSON = 'this LLM route only supports application/json requests'
const NO_CHAT = 'this LLM route only supports llm/chat type requests'
