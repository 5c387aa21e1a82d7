import { readFileSync } from 'node:fs'
import { messageOf } from '../../src/lib/message-of.ts'
import type { Runtime } from '../../src/ports/runtime.ts'
import {
  type ErrorTemplate,
  type ErrorTemplates,
  parseErrorTemplate,
  TEMPLATE_FORMS,
} from '../../src/settings/error-template.ts'
import type { ProcessSettings } from '../../src/settings/process-settings.ts'

/** Reads the files of the settings `error_template_*`. Kong: one that is no good is an error in the log. */
export function readErrorTemplates(
  { errorTemplates }: Pick<ProcessSettings, 'errorTemplates'>,
  runtime: Pick<Runtime, 'log'>,
): ErrorTemplates {
  const templates: Partial<Record<keyof ErrorTemplates, ErrorTemplate>> = {}
  for (const form of TEMPLATE_FORMS) {
    const file = errorTemplates[form]
    if (file === '') continue
    const read = readTemplate(file)
    if (typeof read !== 'string') templates[form] = read
    else runtime.log('error', `failed reading the custom ${form} error template: ${read}`)
  }
  return templates
}

/** The template, or why there is none. */
function readTemplate(file: string): ErrorTemplate | string {
  try {
    const template = parseErrorTemplate(readFileSync(file, 'utf8'))
    return template ?? `${file} has more than two %s`
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code === 'ENOENT' ? `${file}: file not found` : messageOf(error)
  }
}
