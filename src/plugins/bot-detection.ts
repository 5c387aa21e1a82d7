import { createBoundedCache } from '../lib/bounded-cache.ts'
import { lazyPcreRegex } from '../lib/pcre/pcre-regex.ts'
import { refusal } from '../pdk/exit.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { isKnownBot, prepareKnownBots } from './bot-detection/known-bots.ts'

/** Refuses clients whose User-Agent is a known bot. */
export const botDetection = definePlugin(
  {
    name: 'bot-detection',
    priority: 2500,
    unscoped: ['consumer'],
    about: {
      summary: 'Refuses requests whose User-Agent is that of a known bot, or of one you name.',
      example: { allow: ['Googlebot'], deny: ['(?i)scanner'] },
      notes: [
        'What `allow` matches comes in; of the rest, what `deny` or the built-in list matches is refused. A request without User-Agent comes in.',
        'A User-Agent is the client’s own word: this keeps out bots that do not lie.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        allow: { type: 'array', default: [], elements: { type: 'string', is_regex: true } },
        deny: { type: 'array', default: [], elements: { type: 'string', is_regex: true } },
      },
    },
  },
  ({ allow, deny }) => {
    const allowed = anyOf(allow)
    const denied = anyOf(deny)
    prepareKnownBots()
    const isRefused = (agent: string): boolean => {
      const bare = agent.trim()
      return !allowed(bare) && (denied(bare) || isKnownBot(bare))
    }
    const decisions = createBoundedCache(isRefused, { entries: 10_000 })

    return {
      access({ request }) {
        const [agent, second] = request.headers.all('user-agent')
        if (second !== undefined) return refusal(400, 'Only one User-Agent header allowed')
        if (agent === undefined || !decisions.get(agent)) return undefined
        return refusal(403, 'Forbidden')
      },
    }
  },
)

function anyOf(sources: readonly string[] | null): (text: string) => boolean {
  const regexes = (sources ?? []).map((source) => lazyPcreRegex(source, { anchored: false }))
  return (text) => regexes.some((regex) => regex.test(text))
}
