// The parts of the OCI runtime specification that containers on Linux are mostly described with. All is JSON,
// nothing has to be there unless it says so, and each type is open for the fields that are not named here.

/** A container: the file `config.json` of a bundle. */
export interface Spec {
  /** Version of the specification, such as `"1.0.2"`. */
  ociVersion: string;
  /** The first process; without it the container can be made, but not started. */
  process?: Process;
  /** The root file system. */
  root?: Root;
  /** Name of the host, as the container sees it. Needs a `uts` namespace. */
  hostname?: string;
  /** Name of the domain, as the container sees it. Needs a `uts` namespace. */
  domainname?: string;
  /** What is mounted besides the root, in this order. */
  mounts?: Mount[];
  /** Programs to run as the container comes and goes. */
  hooks?: Hooks;
  /** Whatever others want to know of the container. */
  annotations?: Record<string, string>;
  /** What only Linux has. */
  linux?: Linux;
  /** More of the specification. */
  [field: string]: unknown;
}

/** A process of a container. */
export interface Process {
  /** The process gets a terminal. */
  terminal?: boolean;
  /** Size of the terminal at first, in characters. */
  consoleSize?: { height: number; width: number };
  /** As whom the process runs. */
  user?: User;
  /** The program and its arguments; there must be at least one. */
  args?: string[];
  /** The environment, as `NAME=value`. */
  env?: string[];
  /** Absolute path of its working directory. */
  cwd: string;
  /** What the process may do that is else for root alone. */
  capabilities?: Capabilities;
  /** Limits of its resources. */
  rlimits?: Rlimit[];
  /** The process can't get more rights than it has. */
  noNewPrivileges?: boolean;
  /** Profile of AppArmor. */
  apparmorProfile?: string;
  /** How soon the process is ended when memory is short: from -1000, never, to 1000, first. */
  oomScoreAdj?: number;
  /** Label of SELinux. */
  selinuxLabel?: string;
  /** More of the specification. */
  [field: string]: unknown;
}

/** As whom a process runs. */
export interface User {
  /** User id in the container. */
  uid: number;
  /** Group id in the container. */
  gid: number;
  /** Rights that new files do not get. */
  umask?: number;
  /** Ids of further groups. */
  additionalGids?: number[];
  /** More of the specification. */
  [field: string]: unknown;
}

/** Sets of capabilities, by names such as `"CAP_NET_RAW"`. */
export interface Capabilities {
  /** The most that the process can ever get. */
  bounding?: string[];
  /** What counts when rights are checked. */
  effective?: string[];
  /** What programs that it runs keep, if their files say so. */
  inheritable?: string[];
  /** What it may make effective. */
  permitted?: string[];
  /** What programs that it runs keep without more ado. */
  ambient?: string[];
  /** More of the specification. */
  [field: string]: unknown;
}

/** A limit of a process. */
export interface Rlimit {
  /** Which one, such as `"RLIMIT_NOFILE"`. */
  type: string;
  /** How far the process may raise it. */
  hard: number;
  /** The limit. */
  soft: number;
  /** More of the specification. */
  [field: string]: unknown;
}

/** The root file system of a container. */
export interface Root {
  /** Path of the folder, absolute or relative to the bundle. */
  path: string;
  /** The container can't write to it. */
  readonly?: boolean;
  /** More of the specification. */
  [field: string]: unknown;
}

/** A file system that is mounted in a container. */
export interface Mount {
  /** Absolute path in the container. */
  destination: string;
  /** Type of the file system, such as `"proc"` or `"tmpfs"`. */
  type?: string;
  /** What is mounted: a device, a name, or a path, which may be relative to the bundle. */
  source?: string;
  /** Options as in fstab. */
  options?: string[];
  /** Which users of the file system are whom in the container. */
  uidMappings?: IdMapping[];
  /** Which groups of the file system are which in the container. */
  gidMappings?: IdMapping[];
  /** More of the specification. */
  [field: string]: unknown;
}

/** Programs to run as a container comes and goes. */
export interface Hooks {
  /** Before the root is changed, on the host. An old name for `createRuntime`. */
  prestart?: Hook[];
  /** Before the root is changed, on the host. */
  createRuntime?: Hook[];
  /** Before the root is changed, with the container's namespaces. */
  createContainer?: Hook[];
  /** Before the first process starts, in the container. */
  startContainer?: Hook[];
  /** After the first process has started, on the host. */
  poststart?: Hook[];
  /** After the container was deleted, on the host. */
  poststop?: Hook[];
  /** More of the specification. */
  [field: string]: unknown;
}

/** A program to run. */
export interface Hook {
  /** Absolute path of the program. */
  path: string;
  /** Its arguments, its own name first. */
  args?: string[];
  /** Its environment, as `NAME=value`. */
  env?: string[];
  /** Seconds after which it is ended. */
  timeout?: number;
  /** More of the specification. */
  [field: string]: unknown;
}

/** What only containers on Linux have. */
export interface Linux {
  /** What the container has of its own, or shares with whom. */
  namespaces?: Namespace[];
  /** Which users of the host are whom in the container. Needs a `user` namespace. */
  uidMappings?: IdMapping[];
  /** Which groups of the host are which in the container. Needs a `user` namespace. */
  gidMappings?: IdMapping[];
  /** Path of its control group; the runtime chooses one if there is none. */
  cgroupsPath?: string;
  /** Limits of its resources. */
  resources?: LinuxResources;
  /** Parameters of the kernel, such as `net.ipv4.ip_forward`. */
  sysctl?: Record<string, string>;
  /** Devices that the container gets. */
  devices?: Device[];
  /** Which calls to the system are allowed: a filter, as the specification describes it. */
  seccomp?: Record<string, unknown>;
  /** How mounts of the root spread: `"shared"`, `"slave"`, `"private"` or `"unbindable"`. */
  rootfsPropagation?: string;
  /** Paths that the container can't read. */
  maskedPaths?: string[];
  /** Paths that the container can't write to. */
  readonlyPaths?: string[];
  /** Label of SELinux for mounts. */
  mountLabel?: string;
  /** More of the specification. */
  [field: string]: unknown;
}

/** A namespace of the kernel. */
export interface Namespace {
  /** `"pid"`, `"network"`, `"mount"`, `"ipc"`, `"uts"`, `"user"`, `"cgroup"` or `"time"`. */
  type: string;
  /** Path of the namespace to join; a new one is made if there is none. */
  path?: string;
  /** More of the specification. */
  [field: string]: unknown;
}

/** Ids that are others in a container than on the host. */
export interface IdMapping {
  /** The first one in the container. */
  containerID: number;
  /** The first one on the host. */
  hostID: number;
  /** How many. */
  size: number;
  /** More of the specification. */
  [field: string]: unknown;
}

/** A device that a container gets. */
export interface Device {
  /** Its kind: `"c"` or `"u"` for characters, `"b"` for blocks, `"p"` for a FIFO. */
  type: string;
  /** Absolute path in the container. */
  path: string;
  /** Its major number. */
  major?: number;
  /** Its minor number. */
  minor?: number;
  /** Rights of its file. */
  fileMode?: number;
  /** Who owns its file. */
  uid?: number;
  /** Which group owns its file. */
  gid?: number;
  /** More of the specification. */
  [field: string]: unknown;
}

/** Limits of a container; those that are not named stay as they are. */
export interface LinuxResources {
  /** Which devices may be used. */
  devices?: DeviceRule[];
  /** Memory. */
  memory?: LinuxMemory;
  /** Processors. */
  cpu?: LinuxCpu;
  /** Number of processes and threads. */
  pids?: LinuxPids;
  /** Input and output of block devices, as the specification describes it. */
  blockIO?: Record<string, unknown>;
  /** Huge pages, in bytes for each size. */
  hugepageLimits?: { pageSize: string; limit: number }[];
  /** Network, as the specification describes it. */
  network?: Record<string, unknown>;
  /** Remote direct memory access, by name of the device. */
  rdma?: Record<string, { hcaHandles?: number; hcaObjects?: number }>;
  /** Files of a control group of version 2, and what to write to them. */
  unified?: Record<string, string>;
  /** More of the specification. */
  [field: string]: unknown;
}

/** Which devices may be used, or may not. */
export interface DeviceRule {
  /** They may. */
  allow: boolean;
  /** Their kind: `"a"` for all, `"c"` for characters, `"b"` for blocks. */
  type?: string;
  /** Their major number; any if there is none. */
  major?: number;
  /** Their minor number; any if there is none. */
  minor?: number;
  /** What for: any of `r`, `w` and `m`, to make one. */
  access?: string;
  /** More of the specification. */
  [field: string]: unknown;
}

/** Limits of memory, in bytes; -1 for none. */
export interface LinuxMemory {
  /** Memory. */
  limit?: number;
  /** Memory that is left to the container even when others need some. */
  reservation?: number;
  /** Memory and swap together. */
  swap?: number;
  /** How readily memory is swapped: from 0 to 100. */
  swappiness?: number;
  /** No process is ended when memory is short; they wait. */
  disableOOMKiller?: boolean;
  /** A limit below what is used already is refused. */
  checkBeforeUpdate?: boolean;
  /** More of the specification. */
  [field: string]: unknown;
}

/** Limits of processors. */
export interface LinuxCpu {
  /** Share of the time beside other containers, where 1024 is usual. */
  shares?: number;
  /** Microseconds of each period that may be used. */
  quota?: number;
  /** Microseconds of earlier periods that may be used on top. */
  burst?: number;
  /** Microseconds of a period. */
  period?: number;
  /** Which processors may be used, such as `"0-3,7"`. */
  cpus?: string;
  /** Memory of which processors may be used, such as `"0"`. */
  mems?: string;
  /** More of the specification. */
  [field: string]: unknown;
}

/** Limit of the number of processes and threads. */
export interface LinuxPids {
  /** How many there may be; 0 or less for no limit. */
  limit?: number;
  /** More of the specification. */
  [field: string]: unknown;
}
