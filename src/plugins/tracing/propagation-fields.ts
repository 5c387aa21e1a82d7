const FORMATS = ['w3c', 'b3', 'jaeger', 'ot', 'datadog', 'aws', 'gcp', 'instana'] as const
const WRITTEN = [
  'w3c',
  'b3',
  'b3-single',
  'jaeger',
  'ot',
  'datadog',
  'aws',
  'gcp',
  'instana',
] as const

/** Which trace headers are read, taken away and written. */
export function propagation<const F extends (typeof WRITTEN)[number]>(format: F) {
  return {
    type: 'record',
    required: true,
    default: { default_format: format },
    fields: {
      extract: { type: 'array', elements: { type: 'string', one_of: FORMATS } },
      clear: { type: 'array', elements: { type: 'string' } },
      inject: { type: 'array', elements: { type: 'string', one_of: ['preserve', ...WRITTEN] } },
      default_format: { type: 'string', required: true, one_of: WRITTEN },
    },
  } as const
}
