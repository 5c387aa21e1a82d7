import type { RouteRule, RouterRequest } from './router.ts'

/** A route that asks for nothing but what a test names. */
export function rule(fields: Partial<RouteRule>): RouteRule {
  return {
    id: '00000000-0000-4000-8000-000000000000',
    protocols: ['http', 'https'],
    methods: null,
    hosts: null,
    paths: null,
    snis: null,
    headers: null,
    regex_priority: 0,
    created_at: 1,
    ...fields,
  }
}

/** A request with nothing special but what a test names. */
export function request(fields: Partial<RouterRequest>): RouterRequest {
  return {
    method: 'GET',
    host: 'a.com',
    port: 8000,
    path: '/',
    headers: [],
    scheme: 'http',
    ...fields,
  }
}
