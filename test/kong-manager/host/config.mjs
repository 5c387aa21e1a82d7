/** What `/kconfig.js` says; empty words count as unsaid, as in Kong Manager. */
const told = globalThis.K_CONFIG ?? {}
const said = (name, otherwise) => (told[name] ? told[name] : otherwise)

export const guiPath = said('ADMIN_GUI_PATH', '/')
export const adminUrl = adminUrlOf(globalThis.location)

/** What every part of Kong Manager is handed, made from the answer to `GET /`. */
export function baseConfig({ edition = 'community', version } = {}) {
  return {
    app: 'kongManager',
    workspace: '',
    apiBaseUrl: adminUrl,
    gatewayInfo: { edition, version },
  }
}

/** What its lists are handed: the community edition can neither search nor sort. */
export function listConfig(info) {
  const community = (info.edition ?? 'community') === 'community'
  return { ...baseConfig(info), isExactMatch: community, disableSorting: community }
}

function adminUrlOf({ protocol, hostname }) {
  const url = said('ADMIN_API_URL', undefined)
  if (url !== undefined) return /^(https?:)?\/\//.test(url) ? url : `${protocol}//${url}`
  const port =
    protocol === 'https:' ? said('ADMIN_API_SSL_PORT', '8444') : said('ADMIN_API_PORT', '8001')
  return `${protocol}//${hostname}:${port}`
}
