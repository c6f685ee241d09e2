//! Runs named scenarios against a server of interop.v1.Interop and Plain, and prints one JSON line for
//! each. The verdicts are in the lines: the exit code is 0 when the scenarios could run.

mod chat;
mod concurrent;
mod expect;
mod fail;
mod peer;
mod scenarios;
mod sizes;
mod streams;
mod sum;
mod unary;
mod verdict;

use std::process::ExitCode;

const USAGE: &str = "usage: client [--one-thread] SOCKET all
       client [--one-thread] SOCKET SCENARIO...
       client list";

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let runtime = interop_peer::runtime(&mut args).expect("a runtime");
    let [first, names @ ..] = &args[..] else {
        return wrong_arguments(USAGE);
    };
    if first == "list" && names.is_empty() {
        scenarios::NAMES.iter().for_each(|name| println!("{name}"));
        return ExitCode::SUCCESS;
    }
    let chosen: Vec<&str> = match names {
        [] => return wrong_arguments(USAGE),
        [all] if all == "all" => scenarios::NAMES.to_vec(),
        _ => names.iter().map(String::as_str).collect(),
    };
    if let Some(name) = chosen.iter().find(|name| !scenarios::NAMES.contains(name)) {
        return wrong_arguments(&format!("client: no scenario {name:?}"));
    }
    for name in chosen {
        let outcome = runtime.block_on(scenarios::run(name, first));
        println!("{}", verdict::to_json(name, &outcome));
    }
    runtime.shutdown_background();
    ExitCode::SUCCESS
}

fn wrong_arguments(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::from(2)
}
