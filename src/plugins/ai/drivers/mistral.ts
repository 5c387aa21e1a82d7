import type { Call, Driver } from '../driver.ts'
import { ollamaAnswer, ollamaEvents, ollamaRequest } from './ollama.ts'
import { OPENAI_PATHS, openAiAnswer, openAiEvents, openAiRequest } from './openai.ts'

/** Mistral's models: its own service, or Ollama. */
export const mistral: Driver = {
  url: ({ route }) => `https://api.mistral.ai${OPENAI_PATHS[route]}`,
  request: (body, call) => (isOllama(call) ? ollamaRequest : openAiRequest)(body, call),
  answer: (answer, call) => (isOllama(call) ? ollamaAnswer : openAiAnswer)(answer, call),
  events: (call) => (isOllama(call) ? ollamaEvents(call) : openAiEvents),
}

function isOllama({ model }: Call): boolean {
  return model.options.mistral_format === 'ollama'
}
