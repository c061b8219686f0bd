import { X509Certificate } from 'node:crypto';
import type { Project } from '../../../project/types.js';
import { checkRow, rowOfStep } from '../../check-row.js';
import type { CheckRow } from '../../target.js';
import { certificateFiles } from './certificate.js';

const DAY_MS = 86_400_000;
// Those of Let's Encrypt are renewed 30 days before their end: by then two tries in three have failed.
const SOON_DAYS = 10;

/** What is to be said of the certificate of [front]: whether it can be used, for how long, and for which names. */
export async function certificateRows({ front }: Project, now = Date.now()): Promise<CheckRow[]> {
  const { tls_certificate: certificate, tls_key: key, server_name: names } = front;
  if (!certificate || !key) return [];
  let chain = '';
  const usable = await rowOfStep('', 'certificate', async () => {
    chain = (await certificateFiles({ certificate, key }))[0]?.contents ?? '';
    return '';
  });
  if (!usable.ok) return [usable];
  const parsed = new X509Certificate(chain);
  const days = Math.floor((Date.parse(parsed.validTo) - now) / DAY_MS);
  const value = days < 0 ? `ended on ${parsed.validTo}` : `valid for ${days} more days`;
  const severity = days < 0 ? 'error' : 'warning';
  const hint = 'Renew it, then: deploykit up';
  const missing = names.filter((name) => parsed.checkHost(name.replace(/^\*/, 'any')) === undefined);
  return [
    checkRow('', 'certificate', days >= SOON_DAYS, value, hint, severity),
    ...(missing.length > 0
      ? [
          checkRow(
            '',
            'certificate',
            false,
            `not for ${missing.join(', ')}`,
            'Request one with all of server_name.',
          ),
        ]
      : []),
  ];
}
