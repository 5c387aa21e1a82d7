import { createNodeSockets } from '../../adapters/sockets/sockets.ts'
import { describeSockets } from './sockets.ts'

describeSockets('Node', createNodeSockets)
