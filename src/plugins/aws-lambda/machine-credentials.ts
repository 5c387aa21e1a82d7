import { messageOf } from '../../lib/message-of.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { LambdaConfig } from './config.ts'
import { containerCredentials } from './container-credentials.ts'
import { instanceCredentials } from './instance-credentials.ts'
import type { Lent } from './lent.ts'
import { sharedCredentials } from './shared-files.ts'
import { webIdentityCredentials } from './web-identity.ts'

type MachineKit = Pick<Kit, 'http' | 'runtime' | 'files'>
/** How AWS and the machine are asked. */
type MachineConfig = Pick<
  LambdaConfig,
  'aws_region' | 'aws_imds_protocol_version' | 'proxy_url' | 'timeout'
>

type Source = (config: MachineConfig, kit: MachineKit) => Promise<Lent | undefined>

/** Kong's order. What is not there is passed over, and so is what fails. */
const SOURCES: readonly Source[] = [
  async (_config, kit) => environmentCredentials('AWS', kit),
  async (_config, kit) => environmentCredentials('AMAZON', kit),
  (_config, kit) => sharedCredentials(kit),
  (_config, kit) => containerCredentials(kit),
  webIdentityCredentials,
  async (config, kit) => (knowsNoInstance(kit) ? undefined : instanceCredentials(config, kit)),
]

/** The credentials of whatever we run on; rejects when there are none. */
export async function machineCredentials(config: MachineConfig, kit: MachineKit): Promise<Lent> {
  const reasons: string[] = []
  for (const source of SOURCES) {
    try {
      const lent = await source(config, kit)
      if (lent !== undefined) return lent
    } catch (error) {
      reasons.push(messageOf(error))
    }
  }
  throw new Error(`there are no AWS credentials: ${reasons.join('; ')}`)
}

function environmentCredentials(prefix: string, { runtime }: MachineKit): Lent | undefined {
  const { environment } = runtime
  const accessKeyId = environment?.(`${prefix}_ACCESS_KEY_ID`)
  const secretAccessKey = environment?.(`${prefix}_SECRET_ACCESS_KEY`)
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined
  const sessionToken = environment?.(`${prefix}_SESSION_TOKEN`)
  return {
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    endsAt: undefined,
  }
}

/** Kong: any word but `false` counts. */
function knowsNoInstance({ runtime: { environment } }: MachineKit): boolean {
  return (environment?.('AWS_EC2_METADATA_DISABLED') ?? 'false') !== 'false'
}
