/**
 * Kong's settings that are none here, with the values that ask for what is so anyway: nothing is
 * said of those. Any other value of them has no effect, and is named like what nobody knows.
 */
const ALREADY_SO: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    anonymous_reports: ['off', 'false'],
    cluster_listen: ['off'],
    cluster_use_proxy: ['off', 'false'],
    nginx_daemon: ['off', 'false'],
    nginx_main_daemon: ['off', 'false'],
    portal: ['off', 'false'],
    request_debug: ['off', 'false'],
    role: ['traditional'],
    vitals: ['off', 'false'],
    wasm: ['off', 'false'],
    worker_consistency: ['strict'],
  }),
)

/** Of these plugins see all there is: whoever asks for as many as Kong's default, or more, has them. */
const WITHOUT_LIMIT = /^lua_max_(req_headers|resp_headers|post_args)$/
const LEAST = 100
const MOST = 1000

/** Whether a setting that is none here asks for nothing but what is so. */
export function isAlreadySo(name: string, value: string): boolean {
  const asked = value.trim().toLowerCase()
  if (WITHOUT_LIMIT.test(name)) {
    return /^\d+$/.test(asked) && Number(asked) >= LEAST && Number(asked) <= MOST
  }
  return ALREADY_SO.get(name)?.includes(asked) === true
}
