/** A byte, as a char of its value, as a percent sign and two digits. */
export function percentEncoded(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

/** A text with a char a byte, those escaped that a URL would take for letters of its own. */
export function escapeHighBytes(text: string): string {
  return text.replace(/[\x80-\xff]/g, percentEncoded)
}
