import { provided } from './provider-configs.ts'
import { HELLO, picture, SYSTEM } from './row-parts.ts'

interface Unreadable {
  readonly name: string
  readonly answer: unknown
  readonly why: string
  readonly route?: string
}

const NOTHING = 'no generation candidates received from'

/** Answers that mean nothing to us. */
export const unreadable: readonly Unreadable[] = [
  { name: 'azure', answer: {}, why: "'choices' not in llm/v1/chat response" },
  { name: 'anthropic', answer: 'x', why: 'failed to decode anthropic response' },
  {
    name: 'anthropic',
    answer: { error: 1 },
    why: "'content' not in anthropic://llm/v1/chat response",
  },
  {
    name: 'anthropic',
    route: 'llm/v1/completions',
    answer: {},
    why: "'completion' not in anthropic://llm/v1/chat response",
  },
  { name: 'cohere', answer: 'x', why: 'failed to decode cohere response' },
  {
    name: 'cohere',
    answer: { message: 'x' },
    why: "'text' or 'generations' missing from cohere response body",
  },
  {
    name: 'cohere',
    route: 'llm/v1/completions',
    answer: { message: { content: 'x' } },
    why: "'text' or 'generations' missing from cohere response body",
  },
  { name: 'mistral ollama', answer: 'x', why: 'failed to decode ollama response' },
  { name: 'llama2 raw', answer: 'x', why: 'failed to decode llama2 response' },
  { name: 'llama2 raw', answer: {}, why: 'cannot parse response from llama2 endpoint' },
  {
    name: 'llama2 raw',
    answer: { data: [{}] },
    why: 'response data is empty from llama2 endpoint',
  },
  { name: 'gemini', answer: 'x', why: 'failed to decode response from Gemini' },
  { name: 'gemini', answer: {}, why: `${NOTHING} Gemini, or max_tokens too short` },
  { name: 'bedrock', answer: 'x', why: 'failed to decode response from Bedrock' },
  { name: 'bedrock', answer: {}, why: `${NOTHING} Bedrock, or max_tokens too short` },
  { name: 'huggingface', answer: 'x', why: 'Failed to decode response' },
  { name: 'huggingface', answer: { error: 'busy' }, why: 'API error: busy' },
  { name: 'huggingface', answer: {}, why: 'Invalid response format' },
]

const part = (one: unknown) => ({ messages: [{ role: 'user', content: [one] }] })
const TO_GEMINI = 'error transforming to gemini://llm/v1/chat: '

/** Questions that have no place in a provider's words. */
export const refusals = [
  [
    'gemini old',
    { messages: [SYSTEM, HELLO] },
    `${TO_GEMINI}system prompts aren't supported on gemini-1.0 models`,
  ],
  [
    'gemini',
    { messages: [{ role: 'user', content: [] }] },
    `${TO_GEMINI}message at position 1 does not match expected array format`,
  ],
  [
    'gemini',
    part({ type: 'text' }),
    `${TO_GEMINI}message part type is 'text' but is missing .text block`,
  ],
  [
    'gemini',
    part({ type: 'image_url' }),
    `${TO_GEMINI}message part type is 'image_url' but is missing .image_url.url block`,
  ],
  [
    'gemini',
    part(picture('http://')),
    `${TO_GEMINI}could not decode OpenAI image-part, image URL is less than 10 bytes, which is not parsable`,
  ],
  [
    'gemini',
    part({ type: 'audio' }),
    `${TO_GEMINI}cannot transform part of type 'audio' to Gemini format`,
  ],
  [
    'bedrock titan',
    { messages: [SYSTEM, HELLO] },
    "error transforming to bedrock://llm/v1/chat: system prompts are unsupported for model 'amazon.titan-text-v1",
  ],
].map(([name, asked, message]) => ({ name, asked, message, config: provided(String(name)) }))
