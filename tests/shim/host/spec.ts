/** What a process within a container is. */
export interface ProcessOptions {
  /**
   * The program and its arguments; those there are come from `rootfs.ts`.
   *
   * @default {["sleep", "1000"]}
   */
  args?: readonly string[];
  /**
   * Whether it has a terminal; needs a real container.
   *
   * @default {false}
   */
  terminal?: boolean;
  /** Its environment, beside `PATH`. */
  env?: Readonly<Record<string, string>>;
}

/** What a container is. */
export interface SpecOptions extends ProcessOptions {
  /** Annotations: one may put several containers into one shim. */
  annotations?: Readonly<Record<string, string>>;
  /**
   * Whether it has a user namespace, as it must have when it is made without root.
   *
   * @default {false}
   */
  userNamespace?: boolean;
}

/** An OCI process: part of `config.json`. */
function processSpec(
  { args = ["sleep", "1000"], terminal = false, env = {} }: ProcessOptions,
): Record<string, unknown> {
  return {
    terminal,
    user: { uid: 0, gid: 0 },
    args,
    env: Object.entries({ PATH: "/bin", ...env }).map(([key, value]) => `${key}=${value}`),
    cwd: "/",
  };
}

/** An OCI `config.json`, with `rootfs` beside it. */
export function containerSpec(options: SpecOptions = {}): Record<string, unknown> {
  const { terminal = false, annotations = {}, userNamespace = false } = options;
  const namespaces = ["pid", "mount", ...(userNamespace ? ["user"] : [])];
  const mappings = [{ containerID: 0, hostID: 0, size: 1 }];
  return {
    ociVersion: "1.0.2",
    process: processSpec(options),
    root: { path: "rootfs" },
    mounts: [{ destination: "/proc", type: "proc", source: "proc" }, ...(terminal ? TERMINAL_MOUNTS : [])],
    annotations,
    linux: {
      namespaces: namespaces.map((type) => ({ type })),
      ...(userNamespace && { uidMappings: mappings, gidMappings: mappings }),
    },
  };
}

/** A terminal is opened within the container, through `/dev/ptmx`. */
const TERMINAL_MOUNTS = [
  { destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "mode=755", "size=64k"] },
  {
    destination: "/dev/pts",
    type: "devpts",
    source: "devpts",
    options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"],
  },
];
