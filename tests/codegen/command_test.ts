import { assertEquals } from "@std/assert";
import { parseCommandLine } from "../../src/codegen/command.ts";

Deno.test("parseCommandLine() has a default for each option", () => {
  assertEquals(parseCommandLine(["proto"]), {
    folders: ["proto"],
    out: "gen",
    path: [],
    includeImports: false,
    opt: [],
    esOpt: [],
    clean: false,
    write: false,
    watch: false,
  });
});

Deno.test("parseCommandLine() reads each option, and some of them repeatedly", () => {
  const text = "proto --out src/gen --path proto/a --path proto/b.proto vendor --include-imports --opt a=b " +
    "--opt c --es-opt json_types=true --write --watch";
  assertEquals(parseCommandLine(text.split(" ")), {
    folders: ["proto", "vendor"],
    out: "src/gen",
    path: ["proto/a", "proto/b.proto"],
    includeImports: true,
    opt: ["a=b", "c"],
    esOpt: ["json_types=true"],
    clean: false,
    write: true,
    watch: true,
  });
  assertEquals(parseCommandLine(["proto", "--clean"]).clean, true);
});
