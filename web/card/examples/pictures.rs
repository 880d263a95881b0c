//! Leaves every picture in a folder, to look at: `cargo run -p mohar-card --example pictures -- FOLDER`.

use mohar_schemas::scheme::published;
use mohar_schemas::words::Language;

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "pictures".into());
    std::fs::create_dir_all(&folder)?;
    for scheme in published().schemes() {
        for language in [Language::English, Language::Hindi] {
            let file = format!("{folder}/{}-{}.png", scheme.id, language.code());
            let bytes = mohar_card::picture(&scheme.id, language).unwrap_or_default();
            println!("{file} {} KiB", bytes.len() / 1_024);
            std::fs::write(file, bytes)?;
        }
    }
    Ok(())
}
