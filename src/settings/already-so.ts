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

/** Whether a setting that is none here asks for nothing but what is so. */
export function isAlreadySo(name: string, value: string): boolean {
  return ALREADY_SO.get(name)?.includes(value.trim().toLowerCase()) === true
}
