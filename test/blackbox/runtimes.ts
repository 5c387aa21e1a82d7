/** Where every black-box suite runs; `GIBBON_TEST_RUNTIMES=node,bun` narrows it while working. */
export const RUNTIMES = (process.env.GIBBON_TEST_RUNTIMES ?? 'node,bun,deno,workerd').split(
  ',',
) as readonly ('node' | 'bun' | 'deno' | 'workerd')[]
