import type { Setting } from './all.ts'

/** What may be chosen about traces. */
export const TRACING_SETTINGS: readonly Setting[] = [
  {
    name: 'tracing_instrumentations',
    fallback: '',
    about:
      "Spans opentelemetry makes: all, off, or a list of Kong's kinds, of which request and balancer are there; all when empty",
  },
  {
    name: 'tracing_sampling_rate',
    fallback: '0.01',
    about: 'The part of all traces, from 0 to 1, that opentelemetry samples where it is not told',
  },
]
