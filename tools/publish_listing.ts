/**
 * Reads the files out of what `deno publish --dry-run` has printed.
 *
 * @param output The text, without colors.
 * @param root URL of the folder of the package; ends with a slash.
 * @returns Their paths in that folder.
 * @throws {Error} If the text has no list of files, or one lies outside of the folder.
 */
export function parsePublishListing(output: string, root: string): Set<string> {
  const [, listing] = output.split(/^Simulating publish of \S+ with files:$/m);
  const urls = listing?.match(/(?<=^ +)file:\S+(?= \([^)]+\)$)/gm);
  if (!urls) throw new Error(`Cannot understand the output of deno publish: ${output}`);
  return new Set(urls.map((url) => {
    if (!url.startsWith(root)) throw new Error(`Cannot publish ${url}: It lies outside of ${root}`);
    return decodeURIComponent(url.slice(root.length));
  }));
}

/**
 * Compares what would be published with what should be.
 *
 * @param published Paths of the files that would be.
 * @param expected Paths of the files that should be.
 * @returns A sentence for each difference.
 */
export function compareListings(published: Set<string>, expected: Set<string>): string[] {
  return [
    ...[...expected.difference(published)].map((path) => `${path} is missing`),
    ...[...published.difference(expected)].map((path) => `${path} should not be published`),
  ].sort();
}
