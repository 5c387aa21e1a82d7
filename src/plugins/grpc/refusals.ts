import { type Exit, exitWith } from '../../pdk/exit.ts'

/** Refuses a call that cannot be translated, and says why. */
export function refusedText(text: string): Exit {
  return exitWith(400, { body: text, headers: ['Content-Type', 'text/plain; charset=utf-8'] })
}

/** Nobody said what the messages are. */
export const NO_PROTO: Exit = refusedText(
  'transcoding requests require a .proto file defining the service',
)
