import type { Setting } from './all.ts'
import { TEMPLATE_FORMS } from './error-template.ts'

/** What may be chosen about answers to what went wrong. */
export const ERROR_SETTINGS: readonly Setting[] = [
  {
    name: 'error_default_type',
    fallback: 'text/plain',
    about: 'Type of error bodies when the client asks for none',
    oneOf: ['application/json', 'application/xml', 'text/html', 'text/plain'],
  },
  ...TEMPLATE_FORMS.map((form) => ({
    name: `error_template_${form}`,
    fallback: '',
    about: `File with the ${form} body of errors: the first %s is the message, a second one the request's id`,
  })),
]
