import { port } from '../entities/fields.ts'
import { checkHost } from '../entities/texts.ts'
import { type Exit, UNEXPECTED } from '../pdk/exit.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { isObject } from '../schema/field.ts'
import { answerOf } from './aws-lambda/answer.ts'
import { createInvoke } from './aws-lambda/invoke.ts'
import { payloadOf } from './aws-lambda/payload.ts'
import { needsProxy, proxyOfUrl } from './fields/http-proxy.ts'
import { checkUrl } from './fields/url.ts'

/** Answers from a function on AWS Lambda. */
export const awsLambda = definePlugin(
  {
    name: 'aws-lambda',
    priority: 750,
    about: {
      summary: 'Answers with what a function on AWS Lambda makes of the request.',
      example: {
        aws_region: 'eu-central-1',
        aws_key: 'AKIDEXAMPLE',
        aws_secret: 'wJalrXUtnFEMI',
        function_name: 'greet',
        is_proxy_integration: true,
      },
      notes: [
        'Without `aws_key` and `aws_secret` these are tried in turn, and what they give is kept until it ends: the variables `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN` (or `AMAZON_…`); the profile `AWS_PROFILE` (`default`) of `AWS_SHARED_CREDENTIALS_FILE` (`~/.aws/credentials`) or, where there is no such file, of `AWS_CONFIG_FILE` (`~/.aws/config`); ECS and EKS Pod Identity (`AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`, `AWS_CONTAINER_CREDENTIALS_FULL_URI`); the role of an EKS service account (`AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN`); the role of the EC2 machine (`aws_imds_protocol_version`), unless `AWS_EC2_METADATA_DISABLED` is set.',
        'Without `aws_region` that of `AWS_REGION` or `AWS_DEFAULT_REGION` counts. Where neither says one, or `function_name` is not configured, every request is answered 500.',
        "With `awsgateway_compatible` the function is given what Amazon's API gateway would give it; with one of `forward_request_*` those parts of the request; else the arguments of the query and of the body.",
        'Bodies of more than 8 KiB are left out unless `skip_large_bodies` is off.',
        'By `proxy_url` go the calls to the function and to STS (`aws_assume_role_arn`, an EKS role), not those to the metadata of a machine or container: https in a tunnel (`CONNECT`), `disable_https` as a whole URL. User and password in it (`http://me:secret@proxy:3128`) are shown to the proxy alone. Refused on Workers.',
      ],
    },
    needs: (caps, config) => needsProxy(caps, config, 'proxy_url') ?? badProxy(config),
    config: {
      type: 'record',
      required: true,
      fields: {
        timeout: { type: 'number', required: true, default: 60000 },
        keepalive: { type: 'number', required: true, default: 60000 },
        aws_key: { type: 'string', referenceable: true, encrypted: true },
        aws_secret: { type: 'string', referenceable: true, encrypted: true },
        aws_assume_role_arn: { type: 'string', referenceable: true, encrypted: true },
        aws_role_session_name: { type: 'string', default: 'kong' },
        aws_sts_endpoint_url: { type: 'string', check: checkUrl },
        aws_region: { type: 'string' },
        function_name: { type: 'string', required: false },
        qualifier: { type: 'string' },
        invocation_type: {
          type: 'string',
          required: true,
          default: 'RequestResponse',
          one_of: ['RequestResponse', 'Event', 'DryRun'],
        },
        log_type: { type: 'string', required: true, default: 'Tail', one_of: ['Tail', 'None'] },
        host: { type: 'string', check: checkHost },
        port: { ...port, default: 443 },
        disable_https: { type: 'boolean', default: false },
        unhandled_status: { type: 'integer', between: [100, 999] },
        forward_request_method: { type: 'boolean', default: false },
        forward_request_uri: { type: 'boolean', default: false },
        forward_request_headers: { type: 'boolean', default: false },
        forward_request_body: { type: 'boolean', default: false },
        is_proxy_integration: { type: 'boolean', default: false },
        awsgateway_compatible: { type: 'boolean', default: false },
        proxy_url: { type: 'string', check: checkUrl },
        skip_large_bodies: { type: 'boolean', default: true },
        base64_encode_body: { type: 'boolean', default: true },
        aws_imds_protocol_version: {
          type: 'string',
          required: true,
          default: 'v1',
          one_of: ['v1', 'v2'],
        },
        empty_arrays_mode: {
          type: 'string',
          required: true,
          default: 'legacy',
          one_of: ['legacy', 'correct'],
        },
      },
    },
    entityChecks: [
      { mutually_required: ['config.aws_key', 'config.aws_secret'] },
      { custom_entity_check: { field_sources: ['config.proxy_url'], check: checkProxy } },
    ],
  },
  (config, kit) => {
    const invoke = createInvoke(config, kit)
    const fail = (error: unknown): Exit => {
      kit.runtime.log('error', 'Cannot invoke a function', { plugin: kit.plugin.id, error })
      return UNEXPECTED
    }

    return {
      async access(exchange) {
        if (typeof invoke === 'string') return fail(invoke)
        try {
          const reply = await invoke(await payloadOf(exchange, config, kit))
          const body = await reply.bytes(kit.bodyLimit)
          // Kong: what AWS itself refuses is nobody's business but the operator's.
          if (reply.status >= 400) return fail(new TextDecoder().decode(body.subarray(0, 1000)))
          return answerOf(reply, body, config)
        } catch (error) {
          return fail(error)
        }
      },
    }
  },
)

/** Kong takes these too, and fails every request. */
function badProxy({ proxy_url: url }: Readonly<Record<string, unknown>>): string | undefined {
  const bad = typeof url === 'string' && proxyOfUrl(url) === undefined
  return bad ? 'proxy_url names no proxy: its port, user or password cannot be read' : undefined
}

function checkProxy({ config }: Readonly<Record<string, unknown>>): string | undefined {
  const url = isObject(config) ? config.proxy_url : undefined
  const scheme = typeof url === 'string' ? /^([^:]+):\/\//.exec(url)?.[1] : undefined
  return scheme === undefined || scheme === 'http' ? undefined : 'proxy_url scheme must be http'
}
