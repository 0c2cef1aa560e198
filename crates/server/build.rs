//! Rebuilds the server when the built desk changes, also when it appears for the first time.

fn main() {
    println!("cargo:rerun-if-changed=../../web/dist");
}
