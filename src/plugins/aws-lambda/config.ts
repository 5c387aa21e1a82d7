/** Which function is asked, how, and for whom. */
export interface LambdaConfig {
  readonly timeout: number
  readonly aws_key: string | null
  readonly aws_secret: string | null
  readonly aws_assume_role_arn: string | null
  readonly aws_role_session_name: string | null
  readonly aws_sts_endpoint_url: string | null
  readonly aws_region: string | null
  readonly function_name: string | null
  readonly qualifier: string | null
  readonly invocation_type: 'RequestResponse' | 'Event' | 'DryRun'
  readonly log_type: 'Tail' | 'None'
  readonly host: string | null
  readonly port: number | null
  readonly disable_https: boolean | null
  readonly unhandled_status: number | null
  readonly forward_request_method: boolean | null
  readonly forward_request_uri: boolean | null
  readonly forward_request_headers: boolean | null
  readonly forward_request_body: boolean | null
  readonly is_proxy_integration: boolean | null
  readonly awsgateway_compatible: boolean | null
  readonly proxy_url: string | null
  readonly skip_large_bodies: boolean | null
  readonly base64_encode_body: boolean | null
  readonly aws_imds_protocol_version: 'v1' | 'v2'
  readonly empty_arrays_mode: 'legacy' | 'correct'
}
