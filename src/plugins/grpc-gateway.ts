import { definePlugin } from '../pdk/plugin.ts'
import { anyProtocol } from './protocols.ts'

/** Answers JSON clients from a gRPC service. */
export const grpcGateway = definePlugin({
  name: 'grpc-gateway',
  priority: 998,
  protocols: anyProtocol,
  config: {
    type: 'record',
    required: true,
    fields: {
      proto: { type: 'string', required: false },
    },
  },
})
