/** The requirement that pip says it could not install, from what it printed; undefined when it names none. */
export function failedRequirement(output: string): string | undefined {
  const pattern =
    /(?:No matching distribution found for|satisfies the requirement|Failed building wheel for) (\S+)/;
  return pattern.exec(output)?.[1];
}
