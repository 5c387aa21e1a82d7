import type { PrivateKey } from './private-key.ts'
import { type PublicKey, readPublicKey } from './public-key.ts'

type Algorithm = { readonly name: string; readonly namedCurve?: string }

/** Curves of EC keys by their name's object identifier, tag and length included. */
const CURVES: Readonly<Record<string, string>> = {
  '06082a8648ce3d030107': 'P-256',
  '06052b81040022': 'P-384',
  '06052b81040023': 'P-521',
}

const SIGNING = ['Ed25519', 'Ed448']
const AGREEING = ['X25519', 'X448']

/** The public half of a private key, computed where it is not written; undefined where the runtime cannot. */
export async function derivePublicKey(key: PrivateKey): Promise<PublicKey | undefined> {
  if (key.publicKey !== undefined) return key.publicKey
  const algorithm = algorithmOf(key)
  if (algorithm === undefined) return undefined

  const { subtle } = crypto
  const agreeing = AGREEING.includes(key.kind)
  try {
    const bytes = key.pkcs8.slice()
    const uses: ('sign' | 'deriveBits')[] = [agreeing ? 'deriveBits' : 'sign']
    const secret = await subtle.importKey('pkcs8', bytes, algorithm, true, uses)
    const { d: _secret, key_ops: _uses, ...jwk } = await subtle.exportKey('jwk', secret)
    const open = await subtle.importKey('jwk', jwk, algorithm, true, agreeing ? [] : ['verify'])
    return readPublicKey(new Uint8Array(await subtle.exportKey('spki', open)))
  } catch {
    return undefined
  }
}

function algorithmOf({ kind, parameters }: PrivateKey): Algorithm | undefined {
  if (SIGNING.includes(kind) || AGREEING.includes(kind)) return { name: kind }
  const namedCurve = kind === 'EC' ? CURVES[parameters] : undefined
  return namedCurve === undefined ? undefined : { name: 'ECDSA', namedCurve }
}
