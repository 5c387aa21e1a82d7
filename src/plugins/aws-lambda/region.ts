import type { Runtime } from '../../ports/runtime.ts'
import type { LambdaConfig } from './config.ts'

/** Where AWS is asked: as configured, else as the environment says. */
export function regionOf(
  { aws_region: region }: Pick<LambdaConfig, 'aws_region'>,
  { environment }: Pick<Runtime, 'environment'>,
): string | undefined {
  return region ?? environment?.('AWS_REGION') ?? environment?.('AWS_DEFAULT_REGION')
}
