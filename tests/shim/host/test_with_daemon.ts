import { Daemon } from "./daemon.ts";
import { isThere } from "./files.ts";
import { assertNothingLeft, takeSnapshot } from "./leftovers.ts";
import type { Marks } from "./marks.ts";
import { findObstacle } from "./requirements.ts";

const obstacle = Deno.env.get("CI")
  ? undefined
  : await findObstacle() ?? missing("containerd") ?? missing("ctr");
// A name is printed where output is not, as with `--quiet`.
if (obstacle !== undefined) Deno.test.ignore(`Tests with containerd's daemon: ${obstacle}`, () => {});

/** A test with a containerd of its own; its containers need not be ended, but nothing else may be left. */
export function testWithDaemon(name: string, run: (daemon: Daemon) => Promise<void>): void {
  Deno.test({
    name,
    ignore: obstacle !== undefined,
    fn: async () => {
      const before = takeSnapshot({ ids: [] });
      let marks: Marks;
      {
        await using daemon = await Daemon.start();
        await run(daemon);
        marks = daemon.marks;
      }
      await assertNothingLeft({ ...before, marks });
    },
  });
}

/** Debian's are there. */
function missing(program: string): string | undefined {
  return isThere(`/usr/bin/${program}`) ? undefined : `there is no \`/usr/bin/${program}\``;
}
