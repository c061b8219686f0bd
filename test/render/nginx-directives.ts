/** The names of nginx's directives in order, with the number of their parameters, as ngx_conf_file.c reads them. */
export function nginxDirectives(text: string): string[] {
  const names: string[] = [];
  let words: string[] = [];
  const token =
    /\s+|#[^\n]*|"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|([;{}])|((?:[^\s;{}\\]|\\[\s\S]|\$\{[^}]*\})+)/y;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new Error(`not nginx's syntax at ${at}: ${text.slice(at, at + 40)}`);
    const [whole, double, single, mark, bare] = match;
    if (mark) {
      if (mark === '}') names.push('}');
      else names.push(`${words[0]}/${words.length}${mark}`);
      words = [];
    } else if (double !== undefined || single !== undefined || bare !== undefined) words.push(whole);
  }
  return names;
}
