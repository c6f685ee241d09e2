import { assertEquals, assertThrows } from "@std/assert";
import { compareListings, parsePublishListing } from "../../tools/publish_listing.ts";

const ROOT = "file:///project/";

const OUTPUT = `Check mod.ts
Checking for slow types in the public API...
Simulating publish of @ttrpc/ttrpc@0.1.0 with files:
   file:///project/LICENSE (11.09KB)
   file:///project/mod.ts (347B)
   file:///project/src/with%20space.ts (0B)
Success Dry run complete
`;

Deno.test("parsePublishListing() reads the paths", () => {
  assertEquals(parsePublishListing(OUTPUT, ROOT), new Set(["LICENSE", "mod.ts", "src/with space.ts"]));
});

Deno.test("parsePublishListing() throws if it does not understand the output", () => {
  const outputs = [
    "",
    "Success Dry run complete",
    "Simulating publish of @ttrpc/ttrpc@0.1.0 with files:\nSuccess Dry run complete",
    OUTPUT.replaceAll("/project/", "/elsewhere/"),
  ];
  for (const output of outputs) assertThrows(() => parsePublishListing(output, ROOT), Error);
});

Deno.test("compareListings() names what is missing and what is too much", () => {
  assertEquals(compareListings(new Set(["a", "b"]), new Set(["b", "a"])), []);
  assertEquals(compareListings(new Set(["a", "tests/x"]), new Set(["a", "b"])), [
    "b is missing",
    "tests/x should not be published",
  ]);
});
