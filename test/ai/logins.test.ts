import { describe, expect, it } from 'vitest'
import { makeSigningKey } from '../../src/lib/signing-key.ts'
import { signRequest } from '../../src/lib/sigv4.ts'
import type { Outgoing } from '../../src/ports/transport.ts'
import { valuesOf } from '../proxy/fakes.ts'
import { openChat, says, sentText } from './chat-rig.ts'
import { provided } from './provider-configs.ts'

const CHAT = { messages: [{ role: 'user', content: 'Hello' }] }
const CONVERSED = { output: { message: { content: [{ text: 'Hi' }] } } }
const GENERATED = { candidates: [{ content: { parts: [{ text: 'Hi' }] } }] }

it("signs what goes to Bedrock, whatever the client's key", async () => {
  const rig = await openChat([{ name: 'ai-proxy', config: provided('bedrock') }], () =>
    says(CONVERSED),
  )
  await rig.send(CHAT, { path: '/?a=b%20c', headers: { authorization: 'mine' } })
  const [sent] = rig.transport.sent
  const wanted = await signRequest({
    method: 'POST',
    url: new URL(`https://${sent?.host}${sent?.target}`),
    headers: [],
    body: new TextEncoder().encode(sentText(sent)),
    region: 'eu-west-1',
    service: 'bedrock',
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'sesame' },
    now: rig.runtime.now(),
  })
  expect(sent?.target).toContain('/model/meta.llama3%3A0/converse?a=b%20c')
  const headers = sent?.headers ?? []
  expect(valuesOf(headers, 'host')).toEqual(valuesOf(wanted, 'host'))
  expect(valuesOf(headers, 'authorization')).toEqual(valuesOf(wanted, 'authorization'))
})

it('proves who we are in the region that the request says', async () => {
  const model = {
    provider: 'bedrock',
    name: 'meta.llama3:0',
    options: { bedrock: { aws_region: 'eu-$(headers.x-region)' } },
  }
  const config = { ...provided('bedrock'), model }
  const rig = await openChat([{ name: 'ai-proxy', config }], () => says(CONVERSED))
  const headers = { 'x-region': 'west-3' }
  await rig.send(CHAT, { headers })
  const [sent] = rig.transport.sent
  expect(sent?.host).toBe('bedrock-runtime.eu-west-3.amazonaws.com')
  const [proof] = valuesOf(sent?.headers ?? [], 'authorization')
  expect(proof).toContain('/eu-west-3/bedrock/aws4_request')
})

describe('Bedrock without keys in the configuration', () => {
  const MODEL = { provider: 'bedrock', name: 'meta.llama3:0' }
  const LENT = {
    ...{ AccessKeyId: 'LENT', SecretAccessKey: 's', Token: 'session' },
    Expiration: '2023-11-14T23:13:20Z',
  }
  const ENV = { AWS_ACCESS_KEY_ID: 'ENV', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' }
  const ECS = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/x', AWS_REGION: 'eu-1' }

  async function opened(variables: Record<string, string>, auth: object = {}) {
    const config = { route_type: 'llm/v1/chat', auth, model: MODEL }
    return openChat(
      [{ name: 'ai-proxy', config }],
      ({ host }) => says(host === '169.254.170.2' ? LENT : CONVERSED),
      undefined,
      variables,
    )
  }

  it.each<{ why: string; variables: Record<string, string>; auth?: object; proof: string }>([
    { why: 'the environment', variables: { ...ENV, ...ECS }, proof: 'ENV/20231114/eu-1/bedrock' },
    { why: 'what ECS lends', variables: ECS, proof: 'LENT/20231114/eu-1/bedrock' },
    {
      why: 'the other region',
      variables: { ...ENV, AWS_DEFAULT_REGION: 'eu-2' },
      proof: 'ENV/20231114/eu-2/bedrock',
    },
    {
      why: 'a key of its own, its secret in the environment',
      variables: { ...ENV, ...ECS },
      auth: { aws_access_key_id: 'AKID' },
      proof: 'AKID/20231114/eu-1/bedrock',
    },
  ])('signs with $why', async ({ variables, auth, proof }) => {
    const rig = await opened(variables, auth)
    expect((await rig.send(CHAT)).status).toBe(200)
    const sent = rig.transport.sent.at(-1)
    const region = proof.split('/')[2]
    expect(sent?.host).toBe(`bedrock-runtime.${region}.amazonaws.com`)
    expect(valuesOf(sent?.headers ?? [], 'authorization')[0]).toContain(`Credential=${proof}`)
  })

  it('asks for them once, and shows the session', async () => {
    const rig = await opened(ECS)
    await rig.send(CHAT)
    await rig.send(CHAT)
    const { sent } = rig.transport
    expect(sent.map(({ host }) => host)).toEqual([
      '169.254.170.2',
      'bedrock-runtime.eu-1.amazonaws.com',
      'bedrock-runtime.eu-1.amazonaws.com',
    ])
    expect(valuesOf(sent[1]?.headers ?? [], 'x-amz-security-token')).toEqual(['session'])
  })

  it.each([
    ['there is no region', ENV],
    ['nobody lends any', { AWS_REGION: 'eu-1', AWS_EC2_METADATA_DISABLED: 'true' }],
  ])('answers 500 where %s', async (_, variables) => {
    const rig = await opened(variables)
    const answer = await rig.send(CHAT)
    const error = { message: 'LLM request failed before proxying' }
    expect([answer.status, answer.json]).toEqual([500, { error }])
    expect(rig.transport.sent).toEqual([])
    expect(rig.runtime.lines).toContain('error: Cannot log in to a model')
  })

  it('has transformers ask the same way', async () => {
    const llm = { route_type: 'llm/v1/chat', auth: {}, model: MODEL }
    const config = { prompt: 'Say it in verse', llm }
    const rig = await openChat(
      [{ name: 'ai-request-transformer', config }],
      ({ host }) => says(host === '169.254.170.2' ? LENT : CONVERSED),
      undefined,
      ECS,
    )
    await rig.send(CHAT)
    expect(rig.transport.sent.map(({ host }) => host)).toEqual([
      '169.254.170.2',
      'bedrock-runtime.eu-1.amazonaws.com',
      'echo.test',
    ])
  })
})

describe("a service account of Google's", () => {
  async function opened(answer: (sent: Outgoing) => unknown, status = 200, more: object = {}) {
    const { pem, spki } = await makeSigningKey({ kind: 'RSA', bits: 2048 })
    const account = { client_email: 'a@b.test', private_key: pem, private_key_id: 'k1', ...more }
    const auth = {
      gcp_use_service_account: true,
      gcp_service_account_json: JSON.stringify(account),
    }
    const config = { ...provided('gemini vertex'), auth }
    const rig = await openChat([{ name: 'ai-proxy', config }], (sent) =>
      sent.host === 'oauth2.googleapis.com' ? says(answer(sent), [], status) : says(GENERATED),
    )
    return { rig, spki }
  }

  it('proves who we are, once for as long as it is good', async () => {
    let count = 0
    const { rig, spki } = await opened(() => ({ access_token: `t${++count}`, expires_in: 300 }))
    await rig.send(CHAT)
    await rig.send(CHAT)
    rig.runtime.time += 241_000
    await rig.send(CHAT)
    const { sent } = rig.transport
    expect(sent.map(({ host }) => host)).toEqual([
      'oauth2.googleapis.com',
      'eu.aiplatform.test',
      'eu.aiplatform.test',
      'oauth2.googleapis.com',
      'eu.aiplatform.test',
    ])
    const tokens = sent.map(({ headers }) => valuesOf(headers, 'authorization')[0])
    expect(tokens).toEqual([undefined, 'Bearer t1', 'Bearer t1', undefined, 'Bearer t2'])
    const form = new URLSearchParams(sentText(sent[0]))
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
    expect(await claimsIn(form.get('assertion') ?? '', spki)).toEqual({
      iss: 'a@b.test',
      scope: 'https://www.googleapis.com/auth/cloud-platform',
      aud: 'https://oauth2.googleapis.com/token',
      iat: 1_700_000_000,
      exp: 1_700_003_600,
    })
  })

  it.each([
    ['it is refused', 403, {}],
    ['no token comes', 200, {}],
    ['it has no key', 200, { private_key: 'x' }],
    ['it has no name', 200, { client_email: 1 }],
  ])('ends the request when %s', async (_, status, more) => {
    const { rig } = await opened(() => ({}), status, more)
    const answer = await rig.send(CHAT)
    const error = { message: 'LLM request failed before proxying' }
    expect([answer.status, answer.json]).toEqual([500, { error }])
    expect(rig.transport.sent.every(({ host }) => host === 'oauth2.googleapis.com')).toBe(true)
  })
})

/** The claims of a token that this key has signed. */
async function claimsIn(token: string, spki: Uint8Array): Promise<unknown> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('spki', Uint8Array.from(spki), algorithm, false, [
    'verify',
  ])
  const [header = '', claims = '', signature = ''] = token.split('.')
  const signed = new TextEncoder().encode(`${header}.${claims}`)
  const proof = Buffer.from(signature, 'base64url')
  expect(await crypto.subtle.verify(algorithm, key, proof, signed)).toBe(true)
  return JSON.parse(Buffer.from(claims, 'base64url').toString())
}
