/** A query with an argument set: those of that name before are gone. */
export function withArg(query: string, name: string, value: string): string {
  const isIt = (pair: string): boolean => new URLSearchParams(pair).has(name)
  const kept = query.split('&').filter((pair) => pair !== '' && !isIt(pair))
  return [...kept, `${encodeURIComponent(name)}=${encodeURIComponent(value)}`].join('&')
}
