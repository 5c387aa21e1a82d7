import type { Exchange } from '../pdk/exchange.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { createTransform, needsForAsking } from './ai/ask-model.ts'
import { askingFields, transformerChecks } from './ai/llm-fields.ts'
import { readInstructions } from './ai/llm-instructions.ts'
import { readAnswer } from './ai/pass-answer.ts'
import { refuse } from './ai/prompt.ts'

/** Has a model rewrite the answer. */
export const aiResponseTransformer = definePlugin(
  {
    name: 'ai-response-transformer',
    priority: 768,
    about: {
      summary: "Has a model rewrite an answer's body before it goes to the client.",
      example: {
        prompt: 'Turn the JSON given to you into XML. Say nothing else.',
        llm: {
          route_type: 'llm/v1/chat',
          auth: { header_name: 'Authorization', header_value: 'Bearer sesame' },
          model: { provider: 'openai', name: 'gpt-4o' },
        },
      },
      notes: [
        'The model is asked beside the request, once, with `prompt` as the system and the body as the user. `config.llm` is as for ai-proxy, chat alone.',
        'A model that cannot be asked or that answers something else ends the request with 400. `transformation_extract_pattern` picks what counts of what it says.',
        'A model at an https URL is asked by the HTTP proxy at `https_proxy_host`, in a tunnel (`CONNECT`); one at a http URL by that at `http_proxy_host`. Google is asked for tokens without. Refused on Workers.',
        'With `parse_llm_response_json_instructions` the model answers a JSON object of `status`, `headers` and `body`, which become the answer.',
      ],
    },
    needs: needsForAsking,
    config: {
      type: 'record',
      required: true,
      fields: {
        prompt: { type: 'string', required: true },
        transformation_extract_pattern: { type: 'string', required: false },
        parse_llm_response_json_instructions: { type: 'boolean', required: true, default: false },
        ...askingFields,
      },
    },
    entityChecks: transformerChecks,
  },
  (config, kit) => {
    const transform = createTransform(config, kit)
    const instructed = config.parse_llm_response_json_instructions

    return {
      access({ upstream }) {
        upstream.headers.set('Accept-Encoding', 'identity')
      },
      async response(exchange) {
        if (exchange.response.source !== 'service') return undefined
        const text = await readAnswer(exchange, kit.bodyLimit)
        if (text === undefined) return refuse(500, 'the answer is too long to be transformed')
        const made = await transform(exchange, text)
        if (typeof made !== 'string') return refuse(400, made.error)
        exchange.response.headers.delete('Content-Encoding')
        if (instructed) return obey(exchange, made)
        exchange.response.setBody(encoder.encode(made))
        return undefined
      },
    }
  },
)

const encoder = new TextEncoder()

function obey({ response }: Exchange, made: string) {
  const wanted = readInstructions(made)
  if (typeof wanted === 'string') {
    return refuse(500, `failed to parse JSON response instructions from AI backend: ${wanted}`)
  }
  const { status, headers, body } = wanted
  response.status = status
  for (let i = 0; i < headers.length; i += 2) {
    // The loop keeps i and i + 1 below the list's even length.
    response.headers.set(headers[i] as string, headers[i + 1] as string)
  }
  response.setBody(encoder.encode(body))
  return undefined
}
