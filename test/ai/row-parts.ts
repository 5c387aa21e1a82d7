// What the providers' public references show of their requests and answers, in their own shapes.
import { provided } from './provider-configs.ts'

/** The system's word. */
export const SYSTEM = { role: 'system', content: 'Be kind.' }

/** The user's. */
export const HELLO = { role: 'user', content: 'Hello' }

/** The model's. */
export const HI = { role: 'assistant', content: 'Hi' }

/** The user's once more. */
export const AGAIN = { role: 'user', content: 'Again' }

/** What is asked unless a row says otherwise. */
export const ASKED = { messages: [SYSTEM, HELLO, HI, AGAIN], max_tokens: 7, temperature: 0.5 }

/** Tokens as OpenAI tells them. */
export const USAGE = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }

/** A question and an answer, in both words. */
export interface Row {
  readonly name: string
  readonly asked?: object
  readonly sent: { readonly url: string; readonly body: unknown; readonly headers?: object }
  readonly answer: unknown
  readonly mapped: unknown
}

/** A row with the configuration of its provider. */
export function chatRow(row: Row) {
  return { asked: ASKED, ...row, config: provided(row.name) }
}

/** OpenAI's answer. */
export function answered(rest: object = {}, choice: object = {}) {
  const message = { role: 'assistant', content: 'Hi there' }
  const choices = [{ index: 0, message, finish_reason: 'stop', ...choice }]
  return { choices, object: 'chat.completion', model: 'm', ...rest }
}

/** A picture in a message. */
export function picture(url: string) {
  return { type: 'image_url', image_url: { url } }
}
