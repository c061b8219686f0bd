/** Sentences for people: a number is not parted from its unit at the end of a line. */
export function prose(text: string): string {
  return text.replace(/(\d) (?=(?:%|×|ms|s)(?![\w]))/g, '$1\u00a0');
}
