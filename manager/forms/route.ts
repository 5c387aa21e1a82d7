import { type DraftRecord, isListDraft, textOf } from './draft.ts'
import type { Layout } from './layout.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT']

const MATCHERS = ['paths', 'hosts', 'methods', 'headers', 'snis', 'sources', 'destinations']

/** The route's form. */
export const routeLayout: Layout = {
  groups: [
    { title: 'General', fields: ['name', 'service', 'tags'] },
    {
      title: 'Route configuration',
      fields: ['expression', 'priority', 'paths', 'strip_path', 'methods', 'hosts'],
    },
    {
      title: 'Advanced',
      folded: true,
      fields: [
        'protocols',
        'headers',
        'snis',
        'sources',
        'destinations',
        'https_redirect_status_code',
        'regex_priority',
        'path_handling',
        'preserve_host',
        'request_buffering',
        'response_buffering',
      ],
    },
  ],
  ways: {
    service: { hint: 'Where requests go; without one plugins have to answer' },
    paths: { hint: 'Each starts with /, or with ~/ for a regular expression' },
    strip_path: { hint: 'Leave out of the path what matched' },
    methods: { offers: METHODS, hint: 'All when there is none' },
    hosts: { hint: 'One * at either end stands for any label' },
    'headers.key': { label: 'Header' },
    'headers.value': { label: 'Values' },
    https_redirect_status_code: { label: 'HTTPS redirect status code' },
    expression: { lines: 3 },
  },
  check: (draft) => {
    const known = MATCHERS.filter((name) => name in draft)
    // Where the router's flavour takes expressions they say all there is to match.
    if ('expression' in draft && textOf(draft.expression ?? null) !== '') return new Map()
    const has = known.some((name) => isFilled(draft, name))
    return new Map(
      has || known.length === 0
        ? []
        : [['', 'Fill in at least one of: Paths, Methods, Hosts, Headers, SNIs']],
    )
  },
}

function isFilled(draft: DraftRecord, name: string): boolean {
  const value = draft[name]
  return isListDraft(value) && value.length > 0
}
