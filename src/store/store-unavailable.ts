/** The port did not take a write, or gave nothing back; memory is as it was. `cause` tells why. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}
