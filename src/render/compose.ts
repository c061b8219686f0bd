import { stringify } from 'yaml';
import type { Artefact, ContainerPlan, Plan } from '../plan/types.js';
import { file, HEADER } from './artefact.js';
import { containerFacts } from './container.js';

/** The part of the Compose specification that is written here. */
interface ComposeFile {
  name: string;
  services: Record<string, ComposeService>;
  networks?: Record<string, { external: true }>;
}

interface ComposeService {
  build: { context: string; dockerfile: string };
  image: string;
  user: string;
  init: false;
  read_only: true;
  cap_drop: string[];
  security_opt: string[];
  tmpfs: string[];
  sysctls: Record<string, string>;
  ulimits: { nofile: { soft: number; hard: number } };
  environment?: Record<string, string>;
  env_file?: string[];
  volumes?: { type: 'bind'; source: string; target: string; read_only: boolean }[];
  networks?: string[];
  ports: { target: number; published: string; host_ip: string; protocol: 'tcp' }[];
  healthcheck: { test: string[]; interval: string; timeout: string; start_period: string; retries: number };
  stop_signal: string;
  stop_grace_period: string;
  restart: string;
  logging: { driver: string; options: Record<string, string> };
  deploy: { resources: { limits: { pids: number; cpus?: string; memory?: string } } };
}

/** compose.yaml, beside the Dockerfile in `folder`: the container as the docker target runs it. */
export function renderCompose(plan: Plan, folder: string): Artefact {
  const network = plan.container?.network;
  const document: ComposeFile = {
    name: plan.name,
    services: { app: service(plan, folder) },
    ...(network ? { networks: { [network]: { external: true } } } : {}),
  };
  // A line of 80 columns would fold long commands; an alias would make two services one.
  const yaml = stringify(document, { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  return file('compose.yaml', `# ${HEADER}\n${yaml}`);
}

function service(plan: Plan, folder: string): ComposeService {
  const { image, container, tmpfs, health } = containerFacts(plan);
  const up = folder === '.' ? '.' : folder.split('/').fill('..').join('/');
  const environment = environmentOf(plan);
  return {
    build: {
      context: literal(up),
      dockerfile: literal(folder === '.' ? 'Dockerfile' : `${folder}/Dockerfile`),
    },
    image: `deploykit/${plan.name}`,
    user: `${image.uid}:${image.gid}`,
    // uWSGI is process 1 and reaps its children itself.
    init: false,
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    tmpfs: tmpfs.map(({ path, options }) => literal(`${path}:${options}`)),
    sysctls: { 'net.core.somaxconn': String(plan.server.listen) },
    ulimits: { nofile: { soft: container.nofile, hard: container.nofile } },
    ...(Object.keys(environment).length > 0 ? { environment } : {}),
    ...(plan.app.envFile ? { env_file: [literal(`${up}/${plan.app.envFile}`)] } : {}),
    ...(container.volumes.length > 0 ? { volumes: container.volumes.map(volumeOf) } : {}),
    ...(container.network ? { networks: [container.network] } : {}),
    ports: [
      { target: container.containerPort, published: String(plan.port), host_ip: plan.bind, protocol: 'tcp' },
    ],
    healthcheck: {
      test: ['CMD', ...health.map(literal)],
      ...{ interval: '10s', timeout: '5s', start_period: '60s', retries: 3 },
    },
    stop_signal: 'SIGTERM',
    stop_grace_period: `${plan.server.timeouts.stopGrace}s`,
    restart: 'unless-stopped',
    logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
    deploy: { resources: { limits: limitsOf(container) } },
  };
}

function volumeOf({
  source,
  target,
  readOnly,
}: ContainerPlan['volumes'][number]): NonNullable<ComposeService['volumes']>[number] {
  return { type: 'bind', source: literal(source), target: literal(target), read_only: readOnly };
}

// A secret comes from the environment of `docker compose up`, which ends without it.
function environmentOf(plan: Plan): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(plan.app.env).map(([name, value]) => [name, literal(value)])),
    ...Object.fromEntries(
      plan.app.secretNames.map((name) => [name, `\${${name}:?is a secret of the application}`]),
    ),
  };
}

function limitsOf({
  pidsLimit,
  cpus,
  memoryBytes,
}: ContainerPlan): ComposeService['deploy']['resources']['limits'] {
  return {
    pids: pidsLimit,
    ...(cpus ? { cpus: String(cpus) } : {}),
    ...(memoryBytes ? { memory: `${memoryBytes}b` } : {}),
  };
}

/** A value in which Compose replaces nothing: `$` begins a variable of its own. */
function literal(value: string): string {
  return value.replaceAll('$', '$$$$');
}
