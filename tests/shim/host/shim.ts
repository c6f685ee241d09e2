/** A shim: a program that runs containers, and is told to over ttrpc. */
export interface Shim {
  /** What tests call it: the version of containerd that it belongs to. */
  readonly name: string;
  /** The program. */
  readonly path: string;
  /** The version of the service `Task` that it serves. */
  readonly taskVersion: 2 | 3;
}

/** The version of the service `Task` that containerd's own shim of a version serves, as `2.4.2`. */
export function taskVersionOf(version: string): Shim["taskVersion"] {
  return /^[01]\./.test(version) ? 2 : 3;
}
