/** The status itself; 500 in place of one that ends no request: the client would wait for another. */
export function finalStatus(status: number): number {
  return status >= 200 ? status : 500
}
