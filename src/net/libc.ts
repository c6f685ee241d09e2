/** Functions of the system's library that this module calls. */
const FUNCTIONS = {
  closedir: { parameters: ["pointer"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  opendir: { parameters: ["buffer"], result: "pointer" },
  readdir: { parameters: ["pointer"], result: "pointer" },
  rewinddir: { parameters: ["pointer"], result: "void" },
} as const;

/** Apart, since each function makes opening the library slower. */
const WHOAMI = { geteuid: { parameters: [], result: "u32" } } as const;

/** The system's library. */
export type Libc = Deno.DynamicLibrary<typeof FUNCTIONS>;

/**
 * Opens the system's library, on Linux.
 *
 * @throws {Deno.errors.NotCapable} If Deno runs without `--allow-ffi`.
 * @throws {Error} On another system.
 */
export function openLibc(): Libc {
  return open(FUNCTIONS);
}

/**
 * The effective user of this process, now: `Deno.uid()` would need a further permission.
 *
 * @throws {Deno.errors.NotCapable} If Deno runs without `--allow-ffi`.
 * @throws {Error} On another system than Linux.
 */
export function effectiveUser(): number {
  const libc = open(WHOAMI);
  try {
    return libc.symbols.geteuid();
  } finally {
    libc.close();
  }
}

function open<Functions extends Deno.ForeignLibraryInterface>(
  functions: Functions,
): Deno.DynamicLibrary<Functions> {
  if (Deno.build.os !== "linux") throw new Error("Only Linux tells who connects");
  return Deno.dlopen("libc.so.6", functions);
}
