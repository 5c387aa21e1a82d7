const SPECIAL = /[,+"\\<>;=]|^[ #]| $/g

/** A value as it stands in a distinguished name: nothing in it ends it (RFC 4514). */
export function escapeNameValue(value: string): string {
  return value.replace(SPECIAL, (char) => `\\${char}`).replaceAll('\0', '\\00')
}
