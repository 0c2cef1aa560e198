//! Packs the fonts that are built into the program. They come with the desk's packages (`tools/web.sh`) and are not kept in
//! the repository; without them nothing Chinese can be printed, so the build stops and says what to do.

use std::{
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use flate2::{Compression, write::ZlibEncoder};

const FONTS: [(&str, &str); 3] = [
    ("regular", "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf"),
    ("bold", "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf"),
    ("rare", "node-source-han-sans-sc/SourceHanSansSC-Regular.otf"),
];

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=build.rs");
    match pack_all() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!(
                "cargo::error=the fonts for printing are not there ({error}); run `make build`, or `tools/web.sh` once before cargo"
            );
            ExitCode::FAILURE
        }
    }
}

fn pack_all() -> io::Result<()> {
    let of = |name: &str| env::var_os(name).map(PathBuf::from).ok_or_else(|| io::Error::other(name.to_owned()));
    let (here, out) = (of("CARGO_MANIFEST_DIR")?, of("OUT_DIR")?);
    for (name, path) in FONTS {
        let font = here.join("../../web/node_modules").join(path);
        println!("cargo:rerun-if-changed={}", font.display());
        pack(&font, &out.join(name))?;
    }
    Ok(())
}

fn pack(font: &Path, to: &Path) -> io::Result<()> {
    let plain = fs::read(font).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", font.display())))?;
    let mut packed = ZlibEncoder::new(fs::File::create(to)?, Compression::default());
    packed.write_all(&plain)?;
    packed.finish().map(|_| ())
}
