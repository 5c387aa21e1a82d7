/** Makes a thing of each object when it is first asked for, and keeps it as long as the object lives. */
export function perObject<K extends object, T>(make: (object: K) => T): (object: K) => T {
  // What is made may be undefined.
  const known = new WeakMap<K, { readonly made: T }>()
  return (object) => {
    const before = known.get(object)
    if (before !== undefined) return before.made
    const made = make(object)
    known.set(object, { made })
    return made
  }
}
