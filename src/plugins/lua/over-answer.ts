import type { HeaderList } from '../../lib/header-list.ts'
import type { Exit } from '../../pdk/exit.ts'

/** What tells of the body before, which goes. */
const OF_BODY: readonly string[] = [
  'content-length',
  'content-encoding',
  'trailer',
  'grpc-status',
  'grpc-message',
]

/** Kong: an answer in the place of another sets the headers it names, and the others stay. */
export function overAnswer(exit: Exit, before: readonly string[]): Exit {
  const gone = new Set(OF_BODY)
  // A message says its type itself, by what the client reads.
  if (exit.message !== undefined) gone.add('content-type')
  for (let i = 0; i < exit.headers.length; i += 2) gone.add(`${exit.headers[i]}`.toLowerCase())
  const headers: HeaderList = []
  for (let i = 0; i < before.length; i += 2) {
    // The loop keeps i and i + 1 below the list's even length.
    const [name, value] = [before[i] as string, before[i + 1] as string]
    if (!gone.has(name.toLowerCase()) && !isGrpcType(name, value)) headers.push(name, value)
  }
  return { ...exit, headers: [...headers, ...exit.headers] }
}

/** With it the answer would be one of gRPC's, which what it names decides alone. */
function isGrpcType(name: string, value: string): boolean {
  return name.toLowerCase() === 'content-type' && value.startsWith('application/grpc')
}
