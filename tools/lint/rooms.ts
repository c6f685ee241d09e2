import { pathToFileURL } from "node:url";
import { type ImportTarget, importTarget, projectPath } from "./import_target.ts";
import { type Room, ROOMS } from "./room_table.ts";

const TABLE = "the table in ARCHITECTURE.md";

/**
 * A plugin of `deno lint` that holds the walls between the rooms of `room_table.ts`: who may import whom,
 * which packages, and who may talk to the platform.
 */
const plugin: Deno.lint.Plugin = {
  name: "rooms",
  rules: { imports: { create: visitor } },
};
export default plugin;

function visitor(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const importer = pathToFileURL(context.filename).href;
  const path = projectPath(importer);
  const room = roomOf(path);
  if (room === undefined) {
    return path.startsWith("src/") ? { Program: (node) => reportHomeless(context, node, path) } : {};
  }

  function check(source: Deno.lint.Node | null, typesOnly: boolean): void {
    if (room === undefined || source?.type !== "Literal" || typeof source.value !== "string") return;
    const message = problem(room, importTarget(source.value, importer), source.value, typesOnly);
    if (message !== undefined) context.report({ node: source, message });
  }

  return {
    ImportDeclaration: (node) => check(node.source, isTypesOnly(node)),
    ExportNamedDeclaration: (node) => check(node.source, node.exportKind === "type"),
    ExportAllDeclaration: (node) => check(node.source, node.exportKind === "type"),
    ImportExpression: (node) => check(node.source, false),
    TSImportType: ({ argument }) => check(argument.type === "TSLiteralType" ? argument.literal : null, true),
    Identifier(node) {
      if (node.name !== "Deno" || room.platform) return;
      context.report({ node, message: `${room.name} may not use Deno: ${platformRule()}` });
    },
  };
}

function isTypesOnly({ importKind, specifiers }: Deno.lint.ImportDeclaration): boolean {
  return importKind === "type" || specifiers.length > 0 &&
      specifiers.every((item) => item.type === "ImportSpecifier" && item.importKind === "type");
}

/** What is wrong with an import, if anything is. */
function problem(
  room: Room,
  target: ImportTarget,
  specifier: string,
  typesOnly: boolean,
): string | undefined {
  switch (target.kind) {
    case "file":
      return fileProblem(room, target.path);
    case "package":
      return packageProblem(room, target.name, typesOnly);
    case "node":
      return room.platform ? undefined : `${room.name} may not import ${specifier}: ${platformRule()}`;
    case "other":
      return `${room.name} may not import ${specifier}: ${TABLE} does not name it`;
  }
}

function fileProblem(room: Room, path: string): string | undefined {
  const other = roomOf(path);
  if (other === undefined) return `${room.name} may not import ${path}: it is in no room of ${TABLE}`;
  if (other === room || other.row > room.row) return undefined;
  const reason = other.row === room.row ? ", and these two share a row" : "";
  return `${room.name} may not import ${other.name}: an import points to a later row of ${TABLE}${reason}`;
}

function packageProblem(room: Room, name: string, typesOnly: boolean): string | undefined {
  const { packages = [], typesOf = [] } = room;
  if (packages.includes(name) || typesOnly && typesOf.includes(name)) return undefined;
  const allowed = [...packages, ...typesOf.map((name) => `types of ${name}`)].join(", ") || "no package";
  return `${room.name} may not import ${name}: ${TABLE} allows it ${allowed}`;
}

function platformRule(): string {
  const rooms = ROOMS.filter((room) => room.platform).map((room) => room.name);
  return `only ${rooms.join(", ")} may talk to the platform`;
}

function reportHomeless(context: Deno.lint.RuleContext, node: Deno.lint.Program, path: string): void {
  context.report({ node, message: `${path} is in no room of ${TABLE}` });
}

function roomOf(path: string): Room | undefined {
  return ROOMS.find((room) => room.files.test(path));
}
