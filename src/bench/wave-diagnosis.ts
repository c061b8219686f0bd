import { errorCount, errorWords } from './error-words.js';
import type { Claim, WaveRun } from './types.js';

/** What the waves of one run say about the server, in one or two sentences (bench.md §5a, diagnosis of C1). */
export function waveDiagnosis(run: WaveRun, claim: Claim): string {
  const failed = errorCount(run.errors);
  if (failed > 0)
    return `${failed} of ${run.sent} simultaneous requests failed: ${errorWords(run.errors).join('; ')}.`;
  if (run.invalid.length > 0) return `${capital(run.invalid.join('; '))}.${backlogHint(run, claim)}`;
  const first = run.waves[0] ?? 0;
  if (first > claim.slots) return tooMany(first, claim);
  return first === claim.slots
    ? restUnexpected(run, claim)
    : `${tooFew(run, claim)} ${admissionCause(first, claim)}`;
}

/** The slots in the words of the topology: `2 processes × 100 greenlets`. */
export function slotsInWords({ topology, processes, perProcess }: Claim): string {
  const workers = processes === 1 ? '1 process' : `${processes} processes`;
  if (topology === 'sync') return `${workers}, one request each`;
  return `${workers} × ${perProcess} ${topology === 'gevent' ? 'greenlets' : 'threads'}`;
}

function tooMany(first: number, claim: Claim): string {
  return (
    `${first} requests were in service at once, more than the ${claim.slots} slots of ${slotsInWords(claim)}. ` +
    'Something else answers (a proxy, a cache, another server), or the service time was measured wrong.'
  );
}

function tooFew(run: WaveRun, claim: Claim): string {
  const first = run.waves[0] ?? 0;
  const asked = Math.min(run.sent, claim.slots);
  const were = first === 1 ? 'was' : 'were';
  return `Of ${run.sent} simultaneous requests only ${first} ${were} in service at once, where ${asked} were expected.`;
}

function restUnexpected(run: WaveRun, claim: Claim): string {
  const later = run.waves.slice(1).join(', ') || 'none';
  return (
    `${claim.slots} requests were served at once, but the ${run.sent - claim.slots} that had to wait came as ` +
    `${later} in the later waves. Something other than the slots holds them back.`
  );
}

/** What lets `first` requests in at a time, where the claim promises more. */
export function admissionCause(first: number, claim: Claim): string {
  const { processes, perProcess } = claim;
  if (first === processes && perProcess > 1) return blocked(claim);
  if (first === 1)
    return 'One process serves, or a lock shared by all processes lets one request through at a time.';
  if (first > 0 && first % perProcess === 0 && first / perProcess < processes)
    return someProcesses(first, claim);
  if (first === 0)
    return 'Nothing was answered within one service time: the server was busy with something else.';
  const each = first % processes === 0 && processes > 1 ? ` (or ${first / processes} in each process)` : '';
  return `Something admits ${first} at a time${each}: look for a pool of that size, of database or HTTP connections.`;
}

function blocked({ topology }: Claim): string {
  const what = 'each process serves one request at a time';
  if (topology === 'threads')
    return `Threads have no effect: ${what}. Handlers hold the GIL, or a lock is around them.`;
  return (
    `The hub is blocked: ${what}. The handler waits without letting other greenlets run: ` +
    'the standard library is not monkey-patched, or a driver written in C does the waiting.'
  );
}

function someProcesses(first: number, { processes, perProcess }: Claim): string {
  const serving = first / perProcess;
  return `That is ${serving} of ${processes} processes: the others do not accept connections. Look at the server log.`;
}

function backlogHint(run: WaveRun, claim: Claim): string {
  const queueFull = run.invalid.some((reason) => reason.includes('listen queue'));
  if (!queueFull) return '';
  return ` ${run.sent} requests at once need a listen queue of at least ${run.sent}; it is ${claim.listen}.`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
