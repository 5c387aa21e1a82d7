/** HTTP's statuses for those of gRPC, by number. */
const STATUSES: readonly number[] = [
  ...[200, 499, 500, 400, 504, 404, 409, 403],
  ...[429, 400, 409, 400, 500, 500, 503, 500, 401],
]

/** The status of HTTP for one of gRPC; 500 for one nobody knows. */
export function httpStatusOf(grpcStatus: string): number {
  return /^\d{1,2}$/.test(grpcStatus) ? (STATUSES[Number(grpcStatus)] ?? 500) : 500
}
