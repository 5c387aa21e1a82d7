import * as certificates from '@kong-ui-public/entities-certificates'
import * as consumers from '@kong-ui-public/entities-consumers'
import * as services from '@kong-ui-public/entities-gateway-services'
import * as keySets from '@kong-ui-public/entities-key-sets'
import * as keys from '@kong-ui-public/entities-keys'
import * as routes from '@kong-ui-public/entities-routes'
import * as snis from '@kong-ui-public/entities-snis'
import * as upstreams from '@kong-ui-public/entities-upstreams-targets'
import * as vaults from '@kong-ui-public/entities-vaults'

/** The entities that have pages of the common shape, and the real components that make them. */
export const KINDS = [
  {
    path: 'services',
    title: 'Gateway Services',
    list: services.GatewayServiceList,
    form: services.GatewayServiceForm,
    formId: 'gatewayServiceId',
    card: services.GatewayServiceConfigCard,
    below: ['routes', 'plugins'],
  },
  {
    path: 'routes',
    title: 'Routes',
    list: routes.RouteList,
    form: routes.RouteForm,
    formId: 'routeId',
    card: routes.RouteConfigCard,
    formProps: ({ query, info }) => ({
      serviceId: query.serviceId ?? '',
      routeFlavors: {
        traditional: true,
        expressions: info.configuration?.router_flavor === 'expressions',
      },
    }),
    below: ['plugins'],
  },
  {
    path: 'consumers',
    title: 'Consumers',
    list: consumers.ConsumerList,
    form: consumers.ConsumerForm,
    formId: 'consumerId',
    card: consumers.ConsumerConfigCard,
    below: ['credentials', 'plugins'],
  },
  {
    path: 'upstreams',
    title: 'Upstreams',
    list: upstreams.UpstreamsList,
    form: upstreams.UpstreamsForm,
    formId: 'upstreamId',
    card: upstreams.UpstreamsConfigCard,
    below: ['targets'],
  },
  {
    path: 'certificates',
    title: 'Certificates',
    list: certificates.CertificateList,
    form: certificates.CertificateForm,
    formId: 'certificateId',
    card: certificates.CertificateConfigCard,
    formProps: () => ({ showSnisField: true }),
    below: [],
  },
  {
    path: 'ca-certificates',
    title: 'CA Certificates',
    list: certificates.CACertificateList,
    form: certificates.CACertificateForm,
    formId: 'certificateId',
    card: certificates.CACertificateConfigCard,
    below: [],
  },
  // Kong Manager has no page for a single SNI.
  {
    path: 'snis',
    title: 'SNIs',
    list: snis.SniList,
    form: snis.SniForm,
    formId: 'sniId',
    below: [],
  },
  {
    path: 'vaults',
    title: 'Vaults',
    list: vaults.VaultList,
    form: vaults.VaultForm,
    formId: 'vaultId',
    card: vaults.VaultConfigCard,
    below: [],
  },
  {
    path: 'keys',
    title: 'Keys',
    list: keys.KeyList,
    form: keys.KeyForm,
    formId: 'keyId',
    card: keys.KeyConfigCard,
    formProps: ({ query }) => ({ fixedKeySetId: query.fixedKeySetId ?? '' }),
    below: [],
  },
  {
    path: 'key-sets',
    title: 'Key Sets',
    list: keySets.KeySetList,
    form: keySets.KeySetForm,
    formId: 'keySetId',
    card: keySets.KeySetConfigCard,
    below: ['keys'],
  },
]
