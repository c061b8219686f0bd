/** Names of what a deployment has on an engine; `.` cannot be part of a deployment's own name. */
export interface ObjectNames {
  /** The one container that serves where there is no front. */
  single: string;
  /** nginx, which has the public port. */
  front: string;
  /** The front before, while another takes its place. */
  frontAside: string;
  lock: string;
  command: string;
  /** Containers that never run: what an image or a volume has is read through them. */
  reader: string;
  /** Second instances that bench measures. */
  verification: string;
  beside: string;
  /** Volume with the servers' sockets, shared by the front and all replicas. */
  sockets: string;
  /** Volume with the front's configuration, which no application sees. */
  site: string;
  /** Volume with the journal of what deploykit did; stays until it is purged. */
  journal: string;
  replica(set: string, replica: number): string;
}

/** The names of the deployment `name`. */
export function objectNames(name: string): ObjectNames {
  const single = `deploykit-${name}`;
  return {
    single,
    front: `${single}.front`,
    frontAside: `${single}.front.before`,
    lock: `${single}.lock`,
    command: `${single}.command`,
    reader: `${single}.reader`,
    verification: `${single}-verify`,
    beside: `${single}-beside`,
    sockets: `${single}.sockets`,
    site: `${single}.site`,
    journal: `${single}.journal`,
    replica: (set, replica) => `${single}.${set}.${replica}`,
  };
}
