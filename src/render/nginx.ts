import type { Artefact, FrontPlan, Plan } from '../plan/types.js';
import { file, HEADER, type Templates } from './artefact.js';
import { fill } from './template.js';

/** Where the front's container finds its configuration. */
export const FRONT_SITE = '/etc/deploykit-front';
/** The certificate and its key, beside nginx.conf of the front's container. */
export const FRONT_CERTIFICATE = 'tls-certificate.pem';
export const FRONT_KEY = 'tls-key.pem';
/** Where it finds the answers for an ACME server. */
export const FRONT_CHALLENGES = '/var/lib/deploykit-challenges';
/** Folders of the front's container that nginx writes to. */
export const FRONT_RUN = '/run/deploykit';
export const FRONT_TEMP = '/var/cache/deploykit';

// Headers by which applications and frameworks learn what a proxy saw, and that nginx does not set here; and Proxy, which
// CGI-like variables turn into HTTP_PROXY.
const REMOVED = [
  'HTTP_FORWARDED',
  'HTTP_PROXY',
  'HTTP_X_FORWARDED',
  'HTTP_X_FORWARDED_PREFIX',
  'HTTP_X_FORWARDED_PROTOCOL',
  'HTTP_X_FORWARDED_SCHEME',
  'HTTP_X_FORWARDED_SERVER',
  'HTTP_X_FORWARDED_SSL',
  'HTTP_X_ORIGINAL_URL',
  'HTTP_X_REWRITE_URL',
  'HTTP_X_SCRIPT_NAME',
  'HTTP_X_URL_SCHEME',
];

// One character (RFC 3629, 4), by bytes: nginx's own way, (*UTF8), fails on a text that is none.
const UTF8 = [
  ...['[\\x00-\\x7f]', '[\\xc2-\\xdf][\\x80-\\xbf]', '\\xe0[\\xa0-\\xbf][\\x80-\\xbf]'],
  ...['[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}', '\\xed[\\x80-\\x9f][\\x80-\\xbf]'],
  ...['\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}', '[\\xf1-\\xf3][\\x80-\\xbf]{3}'],
  '\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2}',
].join('|');

/** The site, its upstream, and, for a container, the nginx.conf that reads both; nothing without a front. */
export function renderFront(plan: Plan, templates: Templates): Artefact[] {
  const { front } = plan;
  if (front === null) return [];
  const inContainer = plan.target.kind === 'docker';
  const site = fill(templates('nginx/site.conf.hbs'), siteContext(plan, front));
  const files = [
    file('nginx-site.conf', site),
    file('nginx-upstream.conf', renderUpstream(plan.name, [front.socket], templates)),
  ];
  if (!inContainer) return files;
  const context = {
    header: HEADER,
    run: FRONT_RUN,
    temp: FRONT_TEMP,
    front,
    shutdown: plan.server.timeouts.stopGrace,
  };
  return [...files, file('nginx.conf', fill(templates('nginx/nginx.conf.hbs'), context))];
}

/**
 * The upstream of a deployment.
 * @param servers at least one, each the path of a socket or `host:port`.
 */
export function renderUpstream(name: string, servers: readonly string[], templates: Templates): string {
  return fill(templates('nginx/upstream.conf.hbs'), {
    header: HEADER,
    id: `deploykit-${name}`,
    servers: servers.map((server) => (server.startsWith('/') ? `unix:${server}` : server)),
  });
}

function siteContext(plan: Plan, front: FrontPlan): Record<string, unknown> {
  const inContainer = plan.target.kind === 'docker';
  return {
    header: HEADER,
    id: `deploykit-${plan.name}`,
    // Names of variables have no "-", and names of deployments no "_": two deployments on a host stay apart.
    variable: `deploykit_${plan.name.replaceAll('-', '_')}`,
    front,
    ...tlsContext(plan, front, inContainer),
    challenges:
      front.challenges && (inContainer ? `${FRONT_CHALLENGES}/` : `${front.challenges.replace(/\/+$/, '')}/`),
    utf8: `(?:${UTF8})`,
    serverNames: front.serverNames.length > 0 ? front.serverNames.join(' ') : '_',
    // Of a host's port, which other sites may share, the options are not this site's to set.
    backlog: inContainer ? plan.server.listen : null,
    accessLog: inContainer ? '/dev/stdout' : `/var/log/nginx/${plan.name}.access.log`,
    removed: REMOVED,
    static: front.static.map(({ prefix, folder }) => ({
      prefix,
      location: `${prefix}/`,
      folder: `${folder.replace(/\/+$/, '')}/`,
    })),
    rootIsStatic: front.static.some(({ prefix }) => prefix === ''),
  };
}

function tlsContext({ port }: Plan, { tls }: FrontPlan, inContainer: boolean): Record<string, unknown> {
  if (tls === null) return {};
  return {
    // Read relative to nginx.conf.
    certificate: inContainer ? FRONT_CERTIFICATE : tls.certificate,
    key: inContainer ? FRONT_KEY : tls.key,
    hsts: tls.hsts === null ? null : String(tls.hsts),
    plain: tls.plain,
    publicPort: port === 443 ? '' : `:${port}`,
  };
}
