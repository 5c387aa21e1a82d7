/** Our own version, as in package.json (held by a test). */
export const VERSION = '0.1.0'

/** The Kong release whose contract is kept; decK and Manager read it. */
export const KONG_VERSION = '3.9.3'

/** How `Server` and `Via` name us. */
export const SERVER_TOKEN = `gibbon/${VERSION}`
