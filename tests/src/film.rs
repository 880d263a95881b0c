//! Films of printed certificates, for the camera that Chromium plays.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What a camera sees of a page: ffmpeg's filters, one after another.
pub const HELD_IN_HAND: &str = "rotate=0.08*sin(2*PI*t/2):fillcolor=gray,gblur=sigma=0.8,eq=brightness=-0.08:contrast=0.85,noise=alls=9:allf=t";

/// A film of the part of a printed page (PDF) that has the code.
///
/// # Panics
/// If pdftoppm or ffmpeg fails; `tests/run` installs them.
#[must_use]
pub fn of_page(pdf: &Path, spoilt: &str) -> PathBuf {
    let picture = pdf.with_extension("page.png");
    let done = Command::new("pdftoppm")
        .args(["-r", "200", "-png", "-singlefile"])
        .arg(pdf)
        .arg(pdf.with_extension("page"))
        .status();
    assert!(done.is_ok_and(|s| s.success()), "pdftoppm; tests/run installs it");
    of_picture(&picture, &format!("crop=iw*0.6:iw*0.3375:0:ih-oh,scale=1280:720,{spoilt}"))
}

/// A film of a picture, two seconds long.
///
/// # Panics
/// If ffmpeg fails; `tests/run` installs it.
#[must_use]
pub fn of_picture(picture: &Path, filters: &str) -> PathBuf {
    let film = picture.with_extension("mjpeg");
    let done = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-loop", "1", "-t", "2", "-r", "12", "-i"])
        .arg(picture)
        .args(["-vf", filters, "-pix_fmt", "yuvj420p", "-q:v", "4"])
        .arg(&film)
        .status();
    assert!(done.is_ok_and(|s| s.success()), "ffmpeg; tests/run installs it");
    film
}
