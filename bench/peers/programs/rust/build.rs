//! Generates messages and stubs from the proto of the repository.

use std::path::Path;

use ttrpc_codegen::{Codegen, Customize, ProtobufCustomize};

const PROTO: &str = "../../../../proto";
const FILE: &str = "../../../../proto/bench/v1/bench.proto";

fn main() -> std::io::Result<()> {
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    println!("cargo::rerun-if-changed={FILE}");
    Codegen::new()
        .out_dir(&out)
        .include(PROTO)
        .input(FILE)
        .rust_protobuf()
        .rust_protobuf_customize(ProtobufCustomize::default().gen_mod_rs(false))
        .customize(Customize { async_all: true, ..Default::default() })
        .run()?;
    std::fs::write(Path::new(&out).join("mod.rs"), "pub mod bench;\npub mod bench_ttrpc;\n")
}
