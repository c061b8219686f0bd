export function versioned(version: string | number, sleep?: number): string;
export const BROKEN: { kind: string; app: string; command: string | null; says: RegExp }[];
