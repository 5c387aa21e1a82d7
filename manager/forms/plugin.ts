import type { Draft, DraftRecord } from './draft.ts'
import { textOf } from './draft.ts'
import type { Layout } from './layout.ts'

/** What a plugin may be bound to. */
export const SCOPES = ['service', 'route', 'consumer'] as const

const base: Layout = {
  hidden: ['name'],
  ways: {
    instance_name: { hint: 'A name of its own, where there are several of one kind' },
    enabled: { label: 'This plugin is enabled' },
    'config.functions': { lines: 6 },
    'config.access': { lines: 8 },
    'config.rewrite': { lines: 6 },
    'config.certificate': { lines: 6 },
    'config.header_filter': { lines: 6 },
    'config.body_filter': { lines: 6 },
    'config.log': { lines: 6 },
    'config.body': { lines: 4 },
  },
}

/** The form of a plugin; its `config` follows the plugin's own schema. Below another entity it is for that one. */
export function pluginLayout(isBelow: boolean): Layout {
  return isBelow ? base : { ...base, ...scoping }
}

const scoping: Layout = {
  start: (draft) => ({ ...draft, '@scope': isScoped(draft) ? 'scoped' : 'global' }),
  settle: (draft) => (draft['@scope'] === 'global' ? { ...draft, ...unscoped(draft) } : draft),
  check: (draft) =>
    new Map(
      draft['@scope'] === 'scoped' && !isScoped(draft)
        ? [['@scope', 'Choose what it is for: a service, a route or a consumer']]
        : [],
    ),
}

function isScoped(draft: DraftRecord): boolean {
  return SCOPES.some((scope) => textOf(draft[scope] ?? null) !== '')
}

function unscoped(draft: DraftRecord): Readonly<Record<string, Draft>> {
  return Object.fromEntries(SCOPES.filter((scope) => scope in draft).map((scope) => [scope, '']))
}
