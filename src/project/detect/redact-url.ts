/** Cuts user names and passwords out of the URLs in a text; `git@` and what pip expands (`${TOKEN}`) tell nothing. */
export function redactUrl(text: string): string {
  return text.replace(/\/\/([^/@\s]+)@/g, (whole, user: string) => {
    return user === 'git' || /^(?:\$\{\w+\}|:)+$/.test(user) ? whole : '//***@';
  });
}
