import type { Model } from './driver.ts'
import { at, listAt, textAt } from './json-reading.ts'

const COUNTING = new Set(['cohere', 'llama2', 'anthropic', 'gemini', 'bedrock'])

/** Whether a provider says how many tokens a question was, streams too. */
export function countsItself(provider: Model['provider']): boolean {
  return COUNTING.has(provider)
}

/** How many tokens a request is likely to be: words, times a factor. Of a provider that does not count. */
export function estimatedPrompt(body: unknown, factor: number): number {
  const messages = listAt(body, 'messages')
  const words =
    messages.length > 0
      ? messages.reduce<number>((sum, message) => sum + wordsIn(at(message, 'content')), 0)
      : wordsIn(at(body, 'prompt'))
  return Math.floor(words * factor + 0.5)
}

/** The same of an answer. */
export function estimatedCompletion(answer: unknown): number {
  return listAt(answer, 'choices').reduce<number>((sum, choice) => {
    return sum + wordsIn(at(choice, 'message', 'content') ?? at(choice, 'text'))
  }, 0)
}

/** The same of a piece of a streamed answer. Kong: a token for four chars begun. */
export function estimatedPiece(text: string): number {
  return Math.ceil(text.trim().length / 4)
}

/** What a streamed event says. */
export function pieceOf(event: unknown): string {
  return (
    textAt(event, 'choices', 0, 'delta', 'content') ?? textAt(event, 'choices', 0, 'text') ?? ''
  )
}

function wordsIn(content: unknown): number {
  if (typeof content === 'string') return content.match(/\S+/g)?.length ?? 0
  if (!Array.isArray(content)) return 0
  // Texts among the parts of a message, or several prompts.
  return content.reduce<number>((sum, part) => {
    return sum + wordsIn(at(part, 'type') === 'text' ? textAt(part, 'text') : part)
  }, 0)
}
