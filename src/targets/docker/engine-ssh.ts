import { DeploykitError } from '../../errors.js';
import type { Relay } from '../../host/relay.js';
import { SshConnection } from '../../host/ssh-connection.js';
import { shellWord } from '../../shell-word.js';
import type { SshAddress } from './engine-address.js';

/** The connection to the host of an engine. @param configFile ssh configuration, instead of the user's own. */
export function engineConnection({ host, user, port }: SshAddress, configFile?: string): SshConnection {
  return new SshConnection(host, { user, port, configFile });
}

/** A socket of this machine that leads to the engine there, by the command that docker's own client runs for it. */
export function engineRelay(ssh: SshConnection, { socket }: SshAddress): Promise<Relay> {
  const where = socket ? ` --host ${shellWord(`unix://${socket}`)}` : '';
  const line = `docker${where} system dial-stdio`;
  return ssh.relay(line, (exitCode, stderr) => dialFailure(ssh.name, exitCode, stderr));
}

/** Why a host that answers has no engine for us, from how `docker system dial-stdio` ended there. */
export function dialFailure(host: string, exitCode: number, stderr: string): DeploykitError {
  const details = { excerpt: stderr };
  if (exitCode === 127) {
    return new DeploykitError('DK_ENGINE_MISSING', `${host} has no docker command`, {
      ...details,
      hint: `Install Docker there, or mend the PATH of a login without a terminal: ssh ${host} docker version`,
    });
  }
  if (/permission denied/i.test(stderr)) {
    return new DeploykitError('DK_ENGINE_DENIED', `the login on ${host} may not use its Docker engine`, {
      ...details,
      hint: `On the host: sudo usermod -aG docker THE_LOGIN (that is as good as root), then try: ssh ${host} docker version`,
    });
  }
  return new DeploykitError('DK_ENGINE_MISSING', `no Docker engine answers on ${host}`, {
    ...details,
    hint: `Start it there (sudo systemctl start docker), then try: ssh ${host} docker version`,
  });
}
