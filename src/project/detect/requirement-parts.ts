/** The parts of a requirement (PEP 508). */
export interface RequirementParts {
  name: string;
  extras: string[];
  /** Versions (`>=3,<4`) or `@ URL`; empty when it asks for none. */
  rest: string;
  marker: string | undefined;
}

/** Splits a requirement that begins with a name; one that is a path or a URL has an empty name. */
export function splitRequirement(spec: string): RequirementParts {
  const match = /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(.*)$/s.exec(spec);
  const [, name = '', extras = '', tail = ''] = match ?? [];
  // In a URL only `;` after a blank begins a marker.
  const cut = tail.startsWith('@') ? tail.search(/\s;/) : tail.indexOf(';');
  const marker = cut < 0 ? undefined : tail.slice(cut).replace(/^\s*;/, '').trim();
  return {
    name,
    extras: extras.split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()])),
    rest: (cut < 0 ? tail : tail.slice(0, cut)).trim(),
    marker: marker === '' ? undefined : marker,
  };
}
