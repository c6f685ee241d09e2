/** Parts that no test needs: they take time, or leave something outside the daemon's folder. */
const DISABLED = [
  "io.containerd.grpc.v1.cri",
  "io.containerd.internal.v1.opt",
  "io.containerd.internal.v1.restart",
  "io.containerd.internal.v1.tracing",
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.overlayfs",
  "io.containerd.snapshotter.v1.zfs",
  "io.containerd.tracing.processor.v1.otlp",
];

/** The configuration of a containerd that has all it has in one folder. */
export function daemonConfig(folder: string): string {
  return [
    "version = 2",
    `root = "${folder}/root"`,
    `state = "${folder}/state"`,
    `disabled_plugins = ${JSON.stringify(DISABLED)}`,
    "[grpc]",
    `address = "${folder}/grpc"`,
    "[ttrpc]",
    `address = "${folder}/ttrpc"`,
    "",
  ].join("\n");
}
