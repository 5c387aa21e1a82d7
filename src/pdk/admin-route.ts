import type { Kit } from './kit.ts'

/** A path of the Admin API that a plugin answers. */
export interface AdminRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** `/proxy-cache/{plugin_id}/caches/{cache_key}`, as `GET /endpoints` lists it. */
  readonly path: string
  /** What it does, in a sentence, for the reference. */
  readonly summary: string
  answer(question: AdminQuestion, kit: AdminKit): Promise<AdminAnswer>
}

/** What was asked. */
export interface AdminQuestion {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** The body as read; empty for none. */
  readonly body: Readonly<Record<string, unknown>>
}

/** The answer; without a body for 204. */
export interface AdminAnswer {
  readonly status: number
  readonly body?: unknown
}

/** What it works with: no configuration's, the plugin's own. */
export type AdminKit = Omit<Kit, 'plugin'>
