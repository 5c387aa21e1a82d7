/** Why a configuration cannot run that wants another dialect of its clients than OpenAI's. */
export function onlyOpenAi(
  _caps: unknown,
  { llm_format: format }: Readonly<Record<string, unknown>>,
): string | undefined {
  return format === undefined || format === null || format === 'openai'
    ? undefined
    : 'llm_format other than openai is not supported in this release'
}
