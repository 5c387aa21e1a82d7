import { type ApiError, isRecord } from '../api.ts'
import { Button } from './button.tsx'

/** What went wrong, in the gateway's own words, each field's complaint on a line; nothing when all is well. */
export function ErrorBanner({
  error,
  onRetry,
}: {
  error: ApiError | undefined
  onRetry?: (() => void) | undefined
}) {
  return (
    <div role="alert" class={error === undefined ? undefined : 'banner bad'}>
      {error === undefined ? null : (
        <>
          <p>{error.message}</p>
          <ul>
            {linesOf(error.fields).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          {onRetry === undefined ? null : <Button onClick={onRetry}>Try again</Button>}
        </>
      )}
    </div>
  )
}

/** `config.minute: expected a number`, for every text in Kong's nested `fields`. */
export function linesOf(fields: unknown, path = ''): string[] {
  if (typeof fields === 'string') return [path === '' ? fields : `${path}: ${fields}`]
  const pairs = Array.isArray(fields)
    ? fields.map((value, at) => [String(at + 1), value] as const)
    : isRecord(fields)
      ? Object.entries(fields)
      : []
  return pairs.flatMap(([name, value]) =>
    linesOf(value, name.startsWith('@') ? path : path === '' ? name : `${path}.${name}`),
  )
}
