import type { Setting } from '../../ini/setting.js';
import type { UwsgiOption } from '../../option-table/table.js';
import type { View } from '../view.js';

// Values that are commands, templates or data of the user: a semicolon in them may be meant.
const FREE =
  /^(env|unenv|add-header|declare-option2?|print|iprint|set|set-placeholder|set-ph|eval|cron2?|unique-cron|attach-.*|smart-attach-.*|legion-.*|hook-.*|exec-.*|call-.*|mount-.*|umount-.*|.*route.*|log-format|logformat|log-prefix|log-encoder|log-req-encoder|log-date|logdate|alarm|procname.*|worker-exec2?|file-write|add-cache-item|metric|emperor-wrapper.*|vassals-.*-hook|.*-header|cache2|http-var|binsh|pyargv|upload-progress|if-.*|for.*)$/;

/** Whether any text can be a value of this option. */
export function isFreeText({ name }: UwsgiOption): boolean {
  return FREE.test(name);
}

const ENDS = new Set([
  'chdir',
  'home',
  'virtualenv',
  'venv',
  'pyhome',
  'http',
  'https',
  'uid',
  'gid',
  'wsgi-env-behaviour',
]);
const APP = new Set(['module', 'wsgi', 'wsgi-file', 'file', 'callable', 'mount', 'paste', 'pecan', 'eval']);

/** Whether uWSGI cannot start when this value is spoilt: a folder, an interpreter or a router it cannot open. */
export function failsOn(setting: Setting, view: View): boolean {
  const name = setting.key.text;
  return ENDS.has(name) || (APP.has(name) && view.on('need-app'));
}
