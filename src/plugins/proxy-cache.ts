import { definePlugin } from '../pdk/plugin.ts'
import { cacheRoutes } from './cache/cache-routes.ts'
import { keepAnswers } from './cache/keep-answers.ts'
import { strings } from './fields/plain.ts'
import { anyProtocol } from './fields/protocols.ts'

/** Keeps answers and gives them again. */
export const proxyCache = definePlugin(
  {
    name: 'proxy-cache',
    priority: 100,
    about: {
      summary: 'Keeps answers of upstreams and gives them again, without asking the upstream.',
      example: { strategy: 'memory', content_type: ['application/json'], cache_ttl: 300 },
      notes: [
        'An answer is kept when its status is among `response_code` and its type among `content_type`; parameters of the type must be the very same. Each client gets `X-Cache-Status` (`Miss`, `Hit`, `Refresh` for one that was too old, `Bypass` for what is not kept) and `X-Cache-Key`.',
        'With `cache_control` off, `Cache-Control` and `Expires` are not heeded: what is listed is kept for `cache_ttl` seconds, even if the upstream calls it private. Turn it on to follow RFC 9111: then only answers that say how long they are fresh are kept, and changes (POST, PUT, PATCH, DELETE) throw away what was kept of their path.',
        'Nobody gets what was answered to somebody else: consumers are kept apart, and so are clients with different `Authorization`, hosts and schemes. Answers with `Set-Cookie` are never kept, and `Vary` is heeded always. Where an answer depends on a cookie, list `Cookie` in `vary_headers`, or let the upstream say `Vary: Cookie`.',
        'When many ask for the same at once, one asks the upstream and the others wait for its answer; if it fails, or takes longer than ten seconds, they ask for themselves.',
        'Answers are in memory of each process: at most 64 MB in all and 8 MB each, those not asked for longest go first. `memory.dictionary_name` is a name alone.',
        'With the setting `proxy_cache_storage=kv` they are in the KV of the gateway instead: processes of `workers` and isolates of a Worker share them, and what a `database=file` keeps outlives a restart, on its disk. Each process puts there at most 64 MB, of at most 1 MB each. A KV that fails, or takes more than 100 ms, is as good as empty: the upstream is asked.',
        'With POST among `request_method` the body makes no difference to what is given, as in Kong.',
      ],
    },
    admin: cacheRoutes,
    protocols: anyProtocol,
    config: {
      type: 'record',
      required: true,
      fields: {
        response_code: {
          type: 'array',
          required: true,
          default: [200, 301, 404],
          len_min: 1,
          elements: { type: 'integer', between: [100, 900] },
        },
        request_method: {
          type: 'array',
          required: true,
          default: ['GET', 'HEAD'],
          elements: { type: 'string', one_of: ['HEAD', 'GET', 'POST', 'PATCH', 'PUT'] },
        },
        content_type: {
          type: 'array',
          required: true,
          default: ['text/plain', 'application/json'],
          elements: { type: 'string' },
        },
        cache_ttl: { type: 'integer', default: 300, gt: 0 },
        strategy: { type: 'string', required: true, one_of: ['memory'] },
        cache_control: { type: 'boolean', required: true, default: false },
        ignore_uri_case: { type: 'boolean', required: false, default: false },
        storage_ttl: { type: 'integer' },
        memory: {
          type: 'record',
          required: true,
          fields: {
            dictionary_name: { type: 'string', required: true, default: 'kong_db_cache' },
          },
        },
        vary_query_params: strings,
        vary_headers: strings,
        response_headers: {
          type: 'record',
          required: true,
          fields: {
            age: { type: 'boolean', default: true },
            'X-Cache-Status': { type: 'boolean', default: true },
            'X-Cache-Key': { type: 'boolean', default: true },
          },
        },
      },
    },
    // Kong asks here whether nginx has the dictionary; to Gibbon it is a name alone.
    entityChecks: [{ custom_entity_check: { field_sources: ['config'] } }],
  },
  keepAnswers,
)
