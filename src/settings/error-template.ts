/** The forms of an error's body that a file may give the text of. */
export const TEMPLATE_FORMS = ['html', 'json', 'plain', 'xml'] as const

/** A form of them. */
export type TemplateForm = (typeof TEMPLATE_FORMS)[number]

/** A file's text, cut where the message and then the request's id go. */
export type ErrorTemplate = readonly string[]

/** Those that were given. */
export type ErrorTemplates = Readonly<Partial<Record<TemplateForm, ErrorTemplate>>>

/** The message and the request's id: there is nothing else to name. */
const MOST_PLACES = 2

/** Reads a template as Kong does: `%s` is a place, `%%` a percent sign. Undefined for too many places. */
export function parseErrorTemplate(text: string): ErrorTemplate | undefined {
  const pieces = ['']
  for (const part of text.split(/(%[s%])/)) {
    if (part === '%s') pieces.push('')
    else pieces[pieces.length - 1] += part === '%%' ? '%' : part
  }
  return pieces.length - 1 > MOST_PLACES ? undefined : pieces
}

/** The body a template makes of them, as far as it has places. */
export function fillErrorTemplate(
  template: ErrorTemplate,
  { message, requestId }: { readonly message: string; readonly requestId: string },
): string {
  const [start = '', middle, end] = template
  if (middle === undefined) return start
  const told = start + message + middle
  return end === undefined ? told : told + requestId + end
}
