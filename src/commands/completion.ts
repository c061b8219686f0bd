import { bashCompletion } from '../report/completion/bash.js';
import { fishCompletion } from '../report/completion/fish.js';
import { zshCompletion } from '../report/completion/zsh.js';
import type { Command } from './command.js';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

export const command: Command = async ({ flags, verbs }) => {
  const shell = flags.files?.[0] as keyof typeof SCRIPTS;
  const script = SCRIPTS[shell](verbs());
  return { data: { shell, script }, text: script };
};
