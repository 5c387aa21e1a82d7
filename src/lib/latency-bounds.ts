/** Upper bounds in ms, as the Prometheus plugin has them: of whole requests and of upstreams' part. */
export const UPSTREAM_BOUNDS: readonly number[] = [
  25, 50, 80, 100, 250, 400, 700, 1000, 2000, 5000, 10000, 30000, 60000,
]
/** The same of Kong's own part. */
export const KONG_BOUNDS: readonly number[] = [
  1, 2, 5, 7, 10, 15, 20, 30, 50, 75, 100, 200, 500, 750, 1000, 3000, 6000,
]
