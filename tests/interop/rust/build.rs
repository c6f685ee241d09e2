//! Generates messages and stubs from the protos of the repository.

use std::path::Path;

use ttrpc_codegen::{Codegen, Customize, ProtobufCustomize};

const PROTO: &str = "../../../proto";
const FILES: [&str; 2] = ["interop/v1/interop", "interop/v1/plain"];

fn main() -> std::io::Result<()> {
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let mut modules = String::new();
    for file in FILES {
        println!("cargo::rerun-if-changed={PROTO}/{file}.proto");
        let name = file.rsplit('/').next().unwrap_or(file);
        modules += &format!("pub mod {name};\npub mod {name}_ttrpc;\n");
    }
    Codegen::new()
        .out_dir(&out)
        .include(PROTO)
        .inputs(FILES.map(|file| format!("{PROTO}/{file}.proto")))
        .rust_protobuf()
        .rust_protobuf_customize(ProtobufCustomize::default().gen_mod_rs(false))
        .customize(Customize { async_all: true, ..Default::default() })
        .run()?;
    std::fs::write(Path::new(&out).join("mod.rs"), modules)
}
