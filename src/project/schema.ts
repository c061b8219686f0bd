import { isIP } from 'node:net';
import { z } from 'zod';
import { MOST_REPLICAS } from './limits.js';

// The one definition of the project file: load validates with it, `deploykit schema` prints it as JSON Schema,
// `config` lists its leaves. Every key has a description because editors show it.

const port = z.int().min(0).max(65535);
const seconds = z.int().min(1).max(86400);
const envName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'should be a variable name: letters, digits, underscore')
  .refine(
    (name) => !name.startsWith('UWSGI_'),
    'should not start with UWSGI_: uWSGI reads such variables as options; use [server.uwsgi]',
  );
const credentialName = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,99}$/, 'should be a file name of letters, digits, "_", "." and "-"');
const line = z.string().regex(/^[^\0\r\n]*$/, 'should be a single line');
const relativePath = line.min(1, 'should not be empty');
const urlPath = line.regex(/^\/[^\s]*$/, 'should be a path that starts with "/" and has no spaces');
const systemPackage = line.regex(/^[A-Za-z0-9][\w.+:-]*$/, 'should be the name of a system package');

/** What names a deployment or a target: valid as a container, image, unit and DNS name. */
export const NAME_PATTERN = /^[a-z][a-z0-9-]{0,39}$/;
const deploymentName = z
  .string()
  .regex(NAME_PATTERN, 'should be at most 40 lower-case letters, digits and "-", with a letter first');

const app = z.strictObject({
  module: line
    .regex(/^[\w-]+(\.[\w-]+)*:[A-Za-z_]\w*(\(\))?$/, 'should look like "package.module:callable"')
    .refine(
      (module) => !/\.py:/.test(module),
      'should name the module ("s1:app"), not the file ("s1.py:app")',
    )
    .optional()
    .describe('WSGI callable, "package.module:callable" or "package.module:factory()"'),
  dir: relativePath.default('.').describe('folder to start in, relative to the project folder'),
  python: z
    .string()
    .regex(/^3\.\d{1,2}$/, 'should be a Python version such as "3.11"')
    .optional()
    .describe('Python version, e.g. "3.11"'),
  requirements: relativePath
    .optional()
    .describe('list of dependencies: a requirements file, a lock file, or e.g. "pyproject.toml"'),
  groups: z
    .array(line.min(1))
    .default([])
    .describe('extras and dependency groups installed beside the main list'),
  health: urlPath.default('/').describe('path that must answer below 500 before a release counts as started'),
  host: line
    .regex(/^[\w.:[\]-]+$/, 'should be a host name')
    .default('localhost')
    .describe('Host header of health checks and bench'),
  env: z.record(envName, line).default({}).describe('environment variables, not secret'),
  env_file: relativePath
    .optional()
    .describe('file of NAME=value lines, read at `up`, never copied into an image'),
  release_command: line
    .min(1)
    .optional()
    .describe('docker, systemd: shell command run once for a new release before it serves, e.g. migrations'),
  secrets: z
    .array(envName)
    .default([])
    .describe('names of variables taken from the environment of `deploykit up`'),
  secret_files: z
    .record(credentialName, relativePath)
    .default({})
    .describe('systemd: name = file whose contents the app finds in $CREDENTIALS_DIRECTORY/name'),
});

const server = z.strictObject({
  processes: z
    .union([z.literal('auto'), z.int().min(1).max(1024)])
    .default('auto')
    .describe('worker processes'),
  async: z.int().min(1).max(10000).optional().describe('gevent greenlets per process (uWSGI: gevent)'),
  threads: z.int().min(1).max(1024).optional().describe('threads per process; not together with async'),
  bind: line
    .refine((address) => isIP(address) !== 0, 'should be an IP address')
    .default('127.0.0.1')
    .describe('public address'),
  port: port.default(8000).describe('public port; 0 picks a free one'),
  listen: z
    .union([z.literal('auto'), z.int().min(1).max(65535)])
    .default('auto')
    .describe('listen queue length'),
  buffer_size: z.int().min(4096).max(65535).default(16384).describe('bytes for request line and headers'),
  request_timeout: seconds.default(30).describe('seconds a request may take'),
  graceful_timeout: seconds.optional().describe('seconds a stopping worker may finish its requests in'),
  hang_timeout: z
    .union([z.literal(0), z.int().min(5).max(86400)])
    .optional()
    .describe('async: seconds a worker may serve nobody else before it is replaced; 0 = any time'),
  max_requests: z.int().min(0).default(0).describe('requests after which a worker is replaced; 0 = never'),
  static: z
    .record(urlPath, relativePath)
    .default({})
    .describe('URL prefix = folder, relative to the project folder'),
  uwsgi: z
    .record(z.string(), z.union([line, z.int(), z.boolean(), z.array(line)]))
    .default({})
    .describe('further uWSGI options, by their own names'),
});

const image = z.strictObject({
  base: line
    .regex(/^[\w./:@-]+$/, 'should be the name of an image')
    .default('quay.io/centos/centos:stream9')
    .describe('base image'),
  family: z
    .enum(['el', 'debian'])
    .optional()
    .describe('package family, when the name of the base does not tell'),
  packages: z.array(systemPackage).default([]).describe('system packages the app needs'),
  build_packages: z.array(systemPackage).default([]).describe('packages needed to build only'),
  ca_file: relativePath.optional().describe('CA bundle the build trusts; it does not stay in the image'),
});

const network = line.refine((text) => {
  const [address = '', bits, ...rest] = text.split('/');
  const width = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return (
    width > 0 && rest.length === 0 && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= width))
  );
}, 'should be an address or a network such as "10.0.0.0/8"');
const absolutePath = line.regex(/^\//, 'should be an absolute path');

const front = z.strictObject({
  kind: z
    .enum(['nginx', 'none'])
    .optional()
    .describe(
      'what takes the connections before uWSGI; unset: nginx on docker, where an update then loses no request; none elsewhere',
    ),
  server_name: z
    .array(line.regex(/^(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/, 'should be a host name'))
    .default([])
    .describe('host names that are served; none = every name'),
  body_limit: line
    .regex(/^[1-9]\d{0,8}[kmg]$/i, 'should be a size such as "64m"')
    .default('64m')
    .describe('largest request body; /tmp of a container, which is memory, has room for four of them'),
  tls_certificate: absolutePath
    .optional()
    .describe('certificate chain, a PEM file: on the host (systemd), on the machine of the command (docker)'),
  tls_key: absolutePath.optional().describe('private key of the certificate, a PEM file at the same place'),
  http_port: z
    .int()
    .min(1)
    .max(65535)
    .optional()
    .describe('with TLS: port where plain HTTP is sent on to HTTPS, e.g. 80'),
  hsts: z
    .int()
    .min(0)
    .optional()
    .describe('with TLS: seconds for which browsers keep to HTTPS (Strict-Transport-Security)'),
  challenge_dir: absolutePath
    .optional()
    .describe(
      'folder on the machine of nginx where an ACME client puts its challenges (its "webroot" plus /.well-known/acme-challenge)',
    ),
  trusted_proxies: z
    .array(network)
    .default([])
    .describe('load balancers whose X-Forwarded-For and X-Forwarded-Proto are believed'),
});

// The grammar of src/bench/threshold-parse.ts, so that editors check it too; a test holds them equal.
const number = String.raw`\s*(<=|>=|==|=|<|>)\s*(\d+(\.\d+)?|\.\d+)\s*`;
const expectation = z
  .string()
  .regex(
    new RegExp(
      String.raw`^\s*((min|mean|p50|p90|p99|max)${number}(us|µs|ms|s)|(slots${number}|ratio${number}(x|×)?|rps${number}(/s)?|errors${number}%?|efficiency${number}%))\s*$`,
    ),
    'should look like "p99<250ms", "slots=200", "rps>=100", "errors<0.1%" or "ratio>=4"',
  );

const bench = z.strictObject({
  path: urlPath.default('/').describe('path to load'),
  requests: z.int().min(1).max(1_000_000).optional().describe('requests of the closed loop'),
  concurrency: z.int().min(1).max(10_000).optional().describe('connections of the closed loop'),
  expect: z
    .array(expectation)
    .default([])
    .describe(
      'what `bench` holds the result to; a flag --expect takes the place of those of the same metric',
    ),
});

const target = z.strictObject({
  kind: z.enum(['docker', 'process', 'systemd']).describe('where it runs'),
  docker_host: line.optional().describe('engine address, as DOCKER_HOST, e.g. "ssh://deploy@web1"'),
  docker_context: line
    .min(1)
    .optional()
    .describe('name of a docker context, instead of the one in use; not together with docker_host'),
  memory: line
    .regex(/^\d+[kmg]$/i, 'should be a size such as "512m"')
    .optional()
    .describe('memory limit'),
  cpus: z.number().positive().max(1024).optional().describe('CPU limit, e.g. 1.5'),
  replicas: z
    .int()
    .min(1)
    .max(MOST_REPLICAS)
    .optional()
    .describe('docker: containers of the application behind the front; each has all the processes'),
  volumes: z
    .array(
      line.regex(
        /^\/[^:,\s]*:\/[^:,\s]+(:ro)?$/,
        'should be "/folder/on/the/host:/folder/in/the/container", with ":ro" to read only',
      ),
    )
    .optional()
    .describe(
      'docker: folders of the host that the application has too, such as uploads or a database socket',
    ),
  network: line
    .regex(/^(?!(host|none|default)$)[A-Za-z0-9][\w.-]*$/, 'should be the name of a network of your own')
    .optional()
    .describe("docker: network of the engine to join instead of its default, such as a database container's"),
  hosts: z
    .array(line.regex(/^[^\s-]\S*$/, 'should be an ssh destination such as "deploy@web1"'))
    .min(1)
    .optional()
    .describe('systemd: ssh destinations, the first is the canary'),
  ssh_config: line
    .optional()
    .describe('systemd, docker over ssh: ssh configuration file, instead of your own'),
  build: z
    .enum(['host', 'local'])
    .default('host')
    .describe('systemd: where wheels are built; "local" ships them to hosts without compiler or network'),
  wheelhouse: line
    .regex(/^\//, 'should be an absolute path on the host')
    .optional()
    .describe('systemd: folder of wheels on the host, used instead of a package index'),
  keep: z.int().min(1).max(100).default(5).describe('docker, systemd: releases kept for rollback'),
  relax: z
    .array(line.regex(/^[A-Z][A-Za-z]+$/, 'should be a directive such as "MemoryDenyWriteExecute"'))
    .default([])
    .describe('systemd: hardening directives to leave out'),
});

/** The project file. Strict: an unknown key is an error. */
export const projectSchema = z.strictObject({
  name: deploymentName.optional().describe('name of the deployment: of its containers, images and units'),
  app: app.prefault({}).describe('the application'),
  server: server.prefault({}).describe('how uWSGI serves it'),
  image: image.prefault({}).describe('the container image'),
  front: front.prefault({}).describe('nginx before uWSGI'),
  bench: bench.prefault({}).describe('load tests'),
  target: z.record(deploymentName, target).default({}).describe('places to run, by name'),
});

/** A project file with its defaults filled in. */
export type ProjectFile = z.output<typeof projectSchema>;
