/** True for a variable whose name or value (a URL with a password) says that it should be kept out of files. */
export function looksSecret(name: string, value: string): boolean {
  if (/:\/\/[^/@\s]*:[^/@\s]+@/.test(value)) return true;
  return (
    value !== '' &&
    /(^|_)(PASSWORD|PASSWD|SECRET|SECRET_KEY|TOKEN|API_KEY|PRIVATE_KEY|CREDENTIALS)$/i.test(name)
  );
}
