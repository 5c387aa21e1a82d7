import { definePlugin } from '../pdk/plugin.ts'
import { anyProtocol } from './protocols.ts'

/** Lets browsers call gRPC services. */
export const grpcWeb = definePlugin({
  name: 'grpc-web',
  priority: 3,
  protocols: anyProtocol,
  config: {
    type: 'record',
    required: true,
    fields: {
      proto: { type: 'string', required: false },
      pass_stripped_path: { type: 'boolean', required: false },
      allow_origin_header: { type: 'string', required: false, default: '*' },
    },
  },
})
