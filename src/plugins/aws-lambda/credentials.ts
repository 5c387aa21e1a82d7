import type { AwsCredentials } from '../../lib/sigv4.ts'
import type { Kit } from '../../pdk/kit.ts'
import { assumeRole } from './assume-role.ts'
import type { LambdaConfig } from './config.ts'
import type { Lent } from './lent.ts'
import { machineCredentials } from './machine-credentials.ts'

/** Gives credentials; rejects when there are none to be had. */
export type CredentialSource = () => Promise<AwsCredentials>

/** New ones are asked for so long before the old ones end. */
const EARLY = 60_000

/** Those of the configuration, else of the machine, and with them those of a role. */
export function credentialSource(config: LambdaConfig, kit: Kit): CredentialSource {
  const { aws_key: key, aws_secret: secret, aws_assume_role_arn: role } = config
  const own: CredentialSource =
    key === null || secret === null
      ? lasting(() => machineCredentials(config, kit), kit)
      : async () => ({ accessKeyId: key, secretAccessKey: secret })
  return role === null ? own : lasting(async () => assumeRole(role, await own(), config, kit), kit)
}

/** Asks once for as long as the credentials are good; who comes meanwhile waits for the same. */
export function lasting(
  ask: () => Promise<Lent>,
  { runtime }: Pick<Kit, 'runtime'>,
): CredentialSource {
  let asked: Promise<Lent> | undefined
  let endsAt = 0
  return async () => {
    if (asked === undefined || runtime.now() >= endsAt - EARLY) {
      const now = ask()
      asked = now
      endsAt = Number.POSITIVE_INFINITY
      now.then(
        (lent) => {
          endsAt = lent.endsAt ?? Number.POSITIVE_INFINITY
        },
        () => {
          if (asked === now) asked = undefined
        },
      )
    }
    return (await asked).credentials
  }
}
