/** A file that goes to a host beside the release. */
export interface Shipped {
  /** File name: of a wheel as pip wants it, of a library as the linker does. */
  name: string;
  /** Absolute path on this machine. */
  file: string;
  sha256: string;
}
