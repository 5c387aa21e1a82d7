import type { TextOf } from './numbers.ts'

/** What the Admin API asks for; undefined for nothing. */
export function adminTokenOf(text: TextOf): string | undefined {
  const token = text('admin_token')
  return token === '' || token === 'off' ? undefined : token
}
