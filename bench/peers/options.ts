import { Command, InvalidArgumentError } from "commander";
import { ROWS } from "./rows/mod.ts";
import { SIDES } from "./sides/mod.ts";

/** What the command was told to do. */
export interface BenchOptions {
  rounds: number;
  /** Names of rows. */
  rows: string[];
  /** Names of sides. */
  sides: string[];
  /** How long each measurement takes. */
  seconds: number;
  /** Does all once and quickly, to see that it works. */
  short: boolean;
  /** Folder for the results; without one they are only printed. */
  out?: string;
}

/** Reads the command line. Ends the program, with a word about why, where it asks for help or is wrong. */
export function parseCommandLine(args: string[]): BenchOptions {
  const command = new Command("deno task bench:peers")
    .description("Measures this module beside others, two processes each, over unix sockets.")
    .option("--rounds <number>", "how often everything is measured (5)", count)
    .option("--rows <names>", "only these, with commas between; * stands for anything", namesOf(ROWS))
    .option("--sides <names>", "only these, with commas between", namesOf(SIDES))
    .option("--seconds <number>", "how long each measurement takes (1)", seconds)
    .option("--short", "one quick round, to see that it works", false)
    .option("--out <folder>", "where the results go as well; README's are in bench/results")
    .addHelpText("after", `\nRows:  ${list(ROWS)}\nSides: ${list(SIDES)}`)
    .parse(args, { from: "user" });
  const given = command.opts<Partial<BenchOptions>>();
  const { short = false, out, rounds = short ? 1 : 5, seconds: time = short ? 0.1 : 1 } = given;
  const { rows = ROWS.map(({ name }) => name), sides = SIDES.map(({ name }) => name) } = given;
  return { rounds, rows, sides, seconds: time, short, out };
}

interface Named {
  readonly name: string;
}

function namesOf(all: readonly Named[]) {
  return (value: string): string[] => {
    const patterns = value.split(",").map(toPattern);
    for (const pattern of patterns) {
      if (!all.some(({ name }) => pattern.test(name))) {
        throw new InvalidArgumentError(`it is none of ${list(all)}`);
      }
    }
    return all.map(({ name }) => name).filter((name) => patterns.some((pattern) => pattern.test(name)));
  };
}

function toPattern(word: string): RegExp {
  return new RegExp(`^${RegExp.escape(word).replaceAll("\\*", ".*")}$`);
}

function list(all: readonly Named[]): string {
  return all.map(({ name }) => name).join(", ");
}

function count(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError("not a whole number from 1");
}

function seconds(value: string): number {
  const number = Number(value);
  if (number > 0 && number <= 60) return number;
  throw new InvalidArgumentError("not a number above 0 and up to 60");
}
