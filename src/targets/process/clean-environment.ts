// What a server or a build may see of the caller's environment: the rest may hold secrets that are not the app's, and
// UWSGI_* variables are options to uWSGI (core/uwsgi.c reads them before the command line).
const KEPT = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'CC',
  'CFLAGS',
  'LDFLAGS',
  'CPUCOUNT',
  'LD_LIBRARY_PATH',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'REQUESTS_CA_BUNDLE',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
];

/** The caller's environment cut down to what a build or a server needs; for builds pip's own settings as well. */
export function cleanEnvironment(own: NodeJS.ProcessEnv, purpose: 'build' | 'serve'): Record<string, string> {
  const kept = Object.entries(own).filter(
    ([name]) => KEPT.includes(name) || (purpose === 'build' && name.startsWith('PIP_')),
  );
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
