import { decodeBase64 } from '../../lib/base64.ts'
import { timingSafeEqualText } from '../../lib/timing-safe-equal.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import type { Entities } from '../../pdk/kit.ts'
import { namedHeader } from '../../pdk/named-header.ts'
import { type EntityOf, rowOf } from '../../schema/entity.ts'
import { oauth2Credential } from './credential.ts'
import type { Parameters } from './parameters.ts'
import { verifySecret } from './verify-secret.ts'

/** An application, as stored. */
export type Client = EntityOf<typeof oauth2Credential>

/** How an application says who it is. */
export interface ClientLogin {
  readonly id: string | undefined
  readonly secret: string | undefined
  /** Told by a header, which makes a refusal a 401. */
  readonly byHeader: boolean
}

const BASIC = /[Bb]asic\s*(.+)/
const decoder = new TextDecoder()

/** The application of that id; undefined when there is none. */
export function findClient(entities: Entities, id: string | undefined): Client | undefined {
  if (id === undefined || id === '') return undefined
  const row = entities.getBy('oauth2_credentials', 'client_id', id)
  return row && rowOf(oauth2Credential, row)
}

/** Kong: both parameters, else the header, else the id alone. */
export function loginOf(
  parameters: Parameters,
  { request }: Exchange,
  headerName: string,
): ClientLogin {
  const [id, secret] = [parameters.text('client_id'), parameters.text('client_secret')]
  if (id !== undefined && secret !== undefined) return { id, secret, byHeader: false }
  const header = namedHeader(request.headers, headerName)
  if (header === undefined) return { id, secret: undefined, byHeader: false }
  return { ...readBasic(header), byHeader: true }
}

function readBasic(header: string): Pick<ClientLogin, 'id' | 'secret'> {
  const encoded = BASIC.exec(header)?.[1]?.trim()
  const bytes = encoded === undefined ? undefined : decodeBase64(encoded)
  if (bytes === undefined) return { id: undefined, secret: undefined }
  const text = decoder.decode(bytes)
  const colon = text.indexOf(':')
  if (colon < 0) return { id: text, secret: undefined }
  return { id: text.slice(0, colon), secret: text.slice(colon + 1) }
}

/** Whether an application that can keep a secret shows the right one. */
export async function provesItself(client: Client, secret: string | undefined): Promise<boolean> {
  if (secret === undefined || client.client_secret === null) return false
  if (client.hash_secret) return verifySecret(secret, client.client_secret)
  return timingSafeEqualText(secret, client.client_secret)
}
