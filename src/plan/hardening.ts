// Directives of systemd.exec(5) that a WSGI server does without; together they give an exposure under 2.0 in
// `systemd-analyze security` of systemd 252. MemoryDenyWriteExecute is not among them: ctypes and cffi closures need it.
const DIRECTIVES = [
  'NoNewPrivileges=yes',
  'CapabilityBoundingSet=',
  'ProtectSystem=strict',
  'ProtectHome=yes',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'PrivateUsers=yes',
  'ProtectProc=invisible',
  'ProcSubset=pid',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'ProtectKernelLogs=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'ProtectControlGroups=yes',
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'RemoveIPC=yes',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged @resources',
  'SystemCallErrorNumber=EPERM',
];

/** The hardening of a service without the directives the user relaxes, e.g. `ProtectHome`. */
export function hardening(relax: readonly string[]): string[] {
  return DIRECTIVES.filter((line) => !relax.includes(line.split('=')[0] ?? ''));
}
