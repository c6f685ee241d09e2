/** A shim: a program that runs containers, and is told to over ttrpc. */
export interface Shim {
  /** What tests call it: the version of containerd that it belongs to. */
  readonly name: string;
  /** The program. */
  readonly path: string;
  /** The version of the service `Task` that it serves. */
  readonly taskVersion: 2 | 3;
  /** How it says where it listens, and whether it wants to be told about the container on its stdin. */
  readonly format: "text" | "json" | "protobuf";
}

/** What containerd's own shim of a version speaks, as `2.4.2`. */
export function dialectOf(version: string): Pick<Shim, "taskVersion" | "format"> {
  const [major = 0, minor = 0] = version.split(".", 2).map(Number);
  if (major < 2) return { taskVersion: 2, format: "text" };
  return { taskVersion: 3, format: major === 2 && minor < 3 ? "json" : "protobuf" };
}
