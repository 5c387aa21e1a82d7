/** The text in the control an event comes from. */
export function textIn({ target }: Event): string {
  const typed =
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  return typed ? target.value : ''
}
