//! Makes the films: `cargo run --release -p mohar-card --example films [-- SCHEME]`. Needs ffmpeg.
//!
//! The pictures come from the schemes' data; the sound is made here: a quiet drone and a few plucked
//! notes, so that nothing in it is anybody else's.

use mohar_card::film::{Film, RATE, SIDE};
use mohar_schemas::scheme::published;
use mohar_schemas::words::Language;
use std::f32::consts::TAU;
use std::io::{Error, Result, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Samples a second.
const SAMPLES: u32 = 24_000;
/// The ground note, in hertz.
const GROUND: f32 = 146.83;

fn main() -> Result<()> {
    let only = std::env::args().nth(1);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/schemes/films");
    std::fs::create_dir_all(&folder)?;
    let wanted = |id: &str| only.as_deref().is_none_or(|only| only == id);
    for scheme in published().schemes().iter().filter(|s| wanted(&s.id)) {
        for language in [Language::English, Language::Hindi] {
            if let Some(film) = Film::of(&scheme.id, language) {
                let file = folder.join(format!("{}-{}.mp4", scheme.id, language.code()));
                make(&film, scheme.name.get(language), &file)?;
                println!("{} {} KiB", file.display(), std::fs::metadata(&file)?.len() / 1_024);
            }
        }
    }
    Ok(())
}

fn make(film: &Film, name: &str, path: &Path) -> Result<()> {
    let sound: PathBuf = std::env::temp_dir().join(format!("mohar-film-{}.pcm", std::process::id()));
    std::fs::write(&sound, melody(film.seconds()))?;
    let side = format!("{SIDE}x{SIDE}");
    let mut ffmpeg = Command::new("ffmpeg")
        .args(["-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", &side])
        .args(["-r", &RATE.to_string(), "-i", "-"])
        .args(["-f", "s16le", "-ar", &SAMPLES.to_string(), "-ac", "1", "-i"])
        .arg(&sound)
        .args(["-c:v", "libx264", "-profile:v", "main", "-level", "3.1", "-pix_fmt", "yuv420p"])
        .args(["-preset", "veryslow", "-crf", "28", "-tune", "animation"])
        .args(["-c:a", "aac", "-b:a", "40k", "-shortest", "-movflags", "+faststart"])
        .args(["-fflags", "+bitexact", "-map_metadata", "-1"])
        .args(["-metadata", &format!("title={name}")])
        .args(["-metadata", &format!("comment={}", film.digest())])
        .arg(path)
        .stdin(Stdio::piped())
        .spawn()?;
    let mut frames = ffmpeg.stdin.take().ok_or_else(|| Error::other("ffmpeg takes no frames"))?;
    for number in 0..film.frames() {
        frames.write_all(&film.frame(number))?;
    }
    drop(frames);
    let done = ffmpeg.wait()?;
    std::fs::remove_file(&sound)?;
    if done.success() { Ok(()) } else { Err(Error::other("ffmpeg failed")) }
}

/// A drone on the ground note and its fifth, and every 875 ms a plucked note of five.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "samples of a minute")]
#[expect(clippy::cast_sign_loss, reason = "a length")]
fn melody(seconds: f32) -> Vec<u8> {
    const STEP: f32 = 0.875;
    // Above the ground note, as parts of an octave: the steps of a scale of five.
    const NOTES: [f32; 16] =
        [2.0, 2.25, 2.5, 3.0, 2.5, 3.333, 3.0, 2.5, 2.0, 2.5, 3.0, 4.0, 3.333, 3.0, 2.5, 2.25];
    let total = (seconds * SAMPLES as f32) as u32;
    let sample = |at: u32| {
        let time = at as f32 / SAMPLES as f32;
        let edge = (time / 1.5).min((seconds - time) / 2.0).clamp(0.0, 1.0);
        let breath = 0.75 + 0.25 * (TAU * time / 7.0).sin();
        let drone = [(1.0, 0.05), (1.5, 0.03), (2.002, 0.02), (3.0, 0.008)];
        let drone: f32 = drone.iter().map(|(part, loud)| loud * (TAU * GROUND * part * time).sin()).sum();
        let mut plucked = 0.0;
        for back in 0..3_u32 {
            let Some(step) = ((time / STEP) as u32).checked_sub(back) else { continue };
            let since = time - step as f32 * STEP;
            let pitch = GROUND * NOTES[step as usize % NOTES.len()];
            let fall = (-3.2 * since).exp() * (since * 120.0).min(1.0);
            for (overtone, loud) in [(1.0, 0.11), (2.0, 0.035), (3.0, 0.012)] {
                plucked += fall * loud * (TAU * pitch * overtone * since).sin();
            }
        }
        ((drone * breath + plucked) * edge * 32_000.0).clamp(-32_000.0, 32_000.0) as i16
    };
    (0..total).flat_map(|at| sample(at).to_le_bytes()).collect()
}
