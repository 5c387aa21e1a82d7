import { definePlugin } from '../../src/index.ts'

/** Greets: tells the upstream by whom, and the client how long it took. */
export default definePlugin(
  {
    name: 'greet',
    priority: 500,
    config: {
      type: 'record',
      required: true,
      fields: { name: { type: 'string', required: true, default: 'Gibbon' } },
    },
  },
  (config, { runtime }) => ({
    access: ({ upstream }) => upstream.headers.set('X-Greeted-By', config.name),
    response: ({ response, startedAt }) =>
      response.headers.set('X-Took', `${Math.round(runtime.now() - startedAt)} ms`),
  }),
)
