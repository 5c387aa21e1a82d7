import { announce } from './toast.tsx'

/** Puts a text into the clipboard and says so; where the browser does not allow it, says that. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    // Over plain http only pages of this machine may use it.
    if (navigator.clipboard === undefined) copyBySelection(text)
    else await navigator.clipboard.writeText(text)
    announce(`${what} copied`)
  } catch {
    announce('The browser does not allow copying here', { kind: 'bad' })
  }
}

function copyBySelection(text: string): void {
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'visually-hidden'
  const host = document.querySelector('dialog[open]') ?? document.body
  host.append(area)
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  if (!copied) throw new Error('Cannot copy')
}
