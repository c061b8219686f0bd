import { parse, TomlError } from 'smol-toml';
import { DeploykitError, type ErrorCode } from '../errors.js';
import { excerpt } from './excerpt.js';

/**
 * The table of a TOML document.
 * @param label how messages name the file, e.g. `deploykit.toml`.
 * @throws DeploykitError with the given code, line, column and an excerpt with a caret.
 */
export function parseToml(
  text: string,
  file: string,
  label: string,
  code: ErrorCode,
): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column } = error;
    throw new DeploykitError(code, `${label} is not valid TOML: ${reason(error)}`, {
      hint: 'Text stands in quotes (name = "hello"), and a key or a table may be written only once.',
      file,
      line,
      column,
      excerpt: excerpt(text, line, column),
      cause: error,
    });
  }
}

// The library's message is "Invalid TOML document: REASON", then its own excerpt.
function reason(error: TomlError): string {
  const [first = ''] = error.message.split('\n');
  return first.replace(/^Invalid TOML document: /, '');
}
