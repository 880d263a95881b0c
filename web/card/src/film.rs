//! The film of a scheme: a scene for its name, the benefit, each fact, the papers, and who decides.
//!
//! The service has no ffmpeg, so films are made once, by
//! `cargo run --release -p mohar-card --example films`, and are part of the program. A film carries the
//! digest of what it says; a test fails where a text has changed since.

use crate::canvas::{Canvas, INK, Ink, NAVY, PAPER, WHITE};
use crate::picture::{colour, site};
use crate::text::{Block, Style};
use mohar_schemas::catalogue;
use mohar_schemas::scheme::{Icon, Scheme, published};
use mohar_schemas::sha256;
use mohar_schemas::words::{Language, Words};
use std::fmt::Write;

include!(concat!(env!("OUT_DIR"), "/films.rs"));

/// Width and height, in pixels.
pub const SIDE: u32 = 720;
/// Frames a second.
pub const RATE: u32 = 24;
/// To be raised when the drawing changes, so that the films are made anew.
const EDITION: u32 = 1;

const WIDTH: f32 = 720.0;
const MARGIN: f32 = 48.0;
const COLUMN: f32 = WIDTH - 2.0 * MARGIN;
/// How long things take to come and to go, in seconds.
const IN: f32 = 0.55;
const OUT: f32 = 0.3;
/// The most papers on one scene.
const PAPERS: usize = 4;

/// What a scene shows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shown {
    Title { group: String, name: String },
    Benefit { big: String, note: String },
    Fact(String),
    Papers { heading: String, papers: Vec<String> },
    End { decides: String, site: String, free: String },
}

/// A scene with its drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Scene {
    icon: Icon,
    shown: Shown,
}

/// A film before it is made: its scenes.
pub struct Film {
    scenes: Vec<Scene>,
    short: String,
    ink: Ink,
}

/// A film as an MP4 file, H.264 and AAC; none where there is none of the scheme.
#[must_use]
pub fn film(scheme: &str, language: Language) -> Option<&'static [u8]> {
    let name = format!("{scheme}-{}", language.code());
    FILMS.iter().find(|(film, _)| *film == name).map(|(_, bytes)| *bytes)
}

impl Scene {
    /// How long it stands, in seconds: as long as one reads.
    fn seconds(&self) -> f32 {
        match self.shown {
            Shown::Title { .. } | Shown::Fact(_) | Shown::End { .. } => 3.4,
            Shown::Benefit { .. } | Shown::Papers { .. } => 4.2,
        }
    }
}

impl Film {
    /// The film of a scheme; none where its data asks for none.
    #[must_use]
    pub fn of(scheme: &str, language: Language) -> Option<Self> {
        let scheme = published().scheme(scheme).filter(|s| s.film)?;
        let ink = colour(published(), scheme);
        let short = scheme.short.get(language).to_owned();
        Some(Self { scenes: scenes(scheme, language), short, ink })
    }

    /// What it says, in one number: hexadecimal SHA-256.
    #[must_use]
    pub fn digest(&self) -> String {
        let said = format!("{EDITION} {} {:?} {:?}", self.short, self.ink, self.scenes);
        sha256(said.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    /// How long it runs, in seconds.
    #[must_use]
    pub fn seconds(&self) -> f32 {
        self.scenes.iter().map(Scene::seconds).sum()
    }

    /// How many frames it has.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some hundred frames")]
    pub fn frames(&self) -> u32 {
        (self.seconds() * 24.0).round() as u32
    }

    /// A frame, row by row, red, green and blue.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "some hundred frames")]
    pub fn frame(&self, number: u32) -> Vec<u8> {
        let mut since = number as f32 / RATE as f32;
        for (place, scene) in self.scenes.iter().enumerate() {
            if since < scene.seconds() || place + 1 == self.scenes.len() {
                return self.draw(place, scene, since).rgb();
            }
            since -= scene.seconds();
        }
        vec![]
    }

    fn draw(&self, place: usize, scene: &Scene, since: f32) -> Canvas {
        let arrived = ease(since / IN);
        let ground = |scene: &Scene| match scene.shown {
            Shown::Title { .. } => self.ink,
            Shown::End { .. } => NAVY,
            _ => PAPER,
        };
        let before = self.scenes.get(place.wrapping_sub(1)).map_or(ground(scene), ground);
        let mut canvas = Canvas::new((SIDE, SIDE), before.towards(ground(scene), arrived));
        let last = place + 1 == self.scenes.len();
        let gone = if last { 0.0 } else { ((since - scene.seconds() + OUT) / OUT).clamp(0.0, 1.0) };
        let stage = Stage { ink: self.ink, arrived, alpha: arrived * (1.0 - gone), since };
        match &scene.shown {
            Shown::Title { group, name } => stage.title(&mut canvas, scene.icon, group, name),
            Shown::End { decides, site, free } => stage.end(&mut canvas, decides, site, free),
            shown => {
                self.bar(&mut canvas, place, since);
                match shown {
                    Shown::Benefit { big, note } => stage.benefit(&mut canvas, scene.icon, big, note),
                    Shown::Papers { heading, papers } => stage.papers(&mut canvas, heading, papers),
                    Shown::Fact(text) => stage.fact(&mut canvas, scene.icon, text),
                    _ => {}
                }
            }
        }
        canvas
    }

    /// The name above, and below how far the film is.
    fn bar(&self, canvas: &mut Canvas, place: usize, since: f32) {
        let alpha = if place == 1 { ease(since / IN) } else { 1.0 };
        canvas.frame([0.0, 0.0, WIDTH, 84.0], 0.0, self.ink.faint(alpha));
        let name = Block::new(&self.short, COLUMN, centred(38.0, 1, WHITE, true));
        name.draw(canvas, (MARGIN, (84.0 - name.height()) / 2.0), alpha);
        let between = self.scenes.len().saturating_sub(2);
        for dot in 1..=between {
            #[expect(clippy::cast_precision_loss, reason = "a handful of scenes")]
            let x = WIDTH / 2.0 + (dot as f32 - (between + 1) as f32 / 2.0) * 34.0;
            let (radius, ink) =
                if dot == place { (9.0, self.ink) } else { (6.0, PAPER.towards(self.ink, 0.25)) };
            canvas.disc((x, WIDTH - 36.0), radius, ink.faint(alpha));
        }
    }
}

fn scenes(scheme: &Scheme, language: Language) -> Vec<Scene> {
    let w = |words: &Words| words.get(language).to_owned();
    let shared = published().shared();
    let group = published().group(scheme).map_or_else(String::new, |g| w(&g.name));
    let mut scenes = vec![
        Scene { icon: scheme.card.icon, shown: Shown::Title { group, name: w(&scheme.name) } },
        Scene {
            icon: scheme.card.icon,
            shown: Shown::Benefit { big: w(&scheme.card.big), note: w(&scheme.card.note) },
        },
    ];
    let facts = scheme.card.facts.iter();
    scenes.extend(facts.map(|f| Scene { icon: f.icon, shown: Shown::Fact(w(&f.text)) }));
    // Where one of several is enough, the documents say which.
    let only = scheme.needs.iter().filter_map(|n| if let [only] = n.as_slice() { Some(only) } else { None });
    let certificates = only.filter_map(|id| catalogue::published().service(id)).map(|s| w(&s.name));
    let papers = certificates.chain(scheme.documents.iter().map(w)).take(PAPERS).collect();
    scenes.push(Scene {
        icon: Icon::Paper,
        shown: Shown::Papers { heading: w(&shared.heading.documents), papers },
    });
    let (decides, free) = (w(&shared.card.decides), w(&shared.card.free));
    let site = site(scheme).to_owned();
    scenes.push(Scene { icon: Icon::Check, shown: Shown::End { decides, site, free } });
    scenes
}

/// Quick at first, then slower, from 0 to 1.
fn ease(part: f32) -> f32 {
    1.0 - (1.0 - part.clamp(0.0, 1.0)).powi(3)
}

fn centred(size: f32, lines: usize, ink: Ink, bold: bool) -> Style {
    Style { size, least: size * 0.72, bold, lines, leading: 1.28, ink, centred: true }
}

/// The state of a scene at a moment.
struct Stage {
    ink: Ink,
    /// How far things have come, from 0 to 1.
    arrived: f32,
    /// How clearly they show.
    alpha: f32,
    /// Seconds since the scene began.
    since: f32,
}

impl Stage {
    /// How far below its place a thing still is that starts later than the scene.
    fn rise(&self, later: f32) -> (f32, f32) {
        let arrived = ease((self.since - later) / IN);
        (30.0 * (1.0 - arrived), arrived * self.alpha)
    }

    fn write(&self, canvas: &mut Canvas, block: &Block, y: f32, later: f32) {
        let (below, alpha) = self.rise(later);
        block.draw(canvas, (MARGIN, y + below), alpha);
    }

    fn title(&self, canvas: &mut Canvas, icon: Icon, group: &str, name: &str) {
        canvas.rosette((WIDTH / 2.0, 276.0), 192.0, WHITE.faint(0.14 * self.alpha));
        let centre = (WIDTH / 2.0 - 260.0 * (1.0 - self.arrived), 276.0);
        canvas.disc(centre, 132.0, WHITE.faint(self.alpha));
        canvas.icon(icon, centre, 172.0, self.ink.faint(self.alpha));
        let group = Block::new(group, COLUMN, centred(34.0, 1, WHITE.faint(0.9), false));
        self.write(canvas, &group, 26.0, 0.0);
        let style = Style { leading: 1.2, ..centred(62.0, 3, WHITE, true) };
        let name = Block::new(name, COLUMN, style);
        self.write(canvas, &name, 474.0 + (220.0 - name.height()) / 2.0, 0.25);
    }

    fn benefit(&self, canvas: &mut Canvas, icon: Icon, big: &str, note: &str) {
        canvas.icon(
            icon,
            (WIDTH / 2.0 - 200.0 * (1.0 - self.arrived), 198.0),
            132.0,
            self.ink.faint(self.alpha),
        );
        let big = Block::new(big, COLUMN, Style { leading: 1.16, ..centred(144.0, 1, self.ink, true) });
        let note = Block::new(note, COLUMN, centred(48.0, 3, INK, true));
        let y = 300.0 + (356.0 - big.height() - note.height()) / 2.0;
        self.write(canvas, &big, y, 0.2);
        self.write(canvas, &note, y + big.height(), 0.45);
    }

    fn fact(&self, canvas: &mut Canvas, icon: Icon, text: &str) {
        let centre = (WIDTH / 2.0 - 200.0 * (1.0 - self.arrived), 262.0);
        canvas.disc(centre, 118.0, PAPER.towards(self.ink, 0.14).faint(self.alpha));
        canvas.icon(icon, centre, 148.0, self.ink.faint(self.alpha));
        let text = Block::new(text, COLUMN, centred(58.0, 3, INK, true));
        self.write(canvas, &text, 410.0 + (236.0 - text.height()) / 2.0, 0.2);
    }

    fn papers(&self, canvas: &mut Canvas, heading: &str, papers: &[String]) {
        let heading = Block::new(heading, COLUMN, centred(56.0, 1, self.ink, true));
        self.write(canvas, &heading, 112.0, 0.0);
        let style = Style { centred: false, ..centred(42.0, 2, INK, false) };
        let blocks: Vec<_> = papers.iter().map(|p| Block::new(p, COLUMN - 88.0, style)).collect();
        let rows: f32 = blocks.iter().map(|b| b.height().max(64.0)).sum();
        #[expect(clippy::cast_precision_loss, reason = "a handful of papers")]
        let gap = ((452.0 - rows) / (blocks.len() + 1) as f32).min(40.0);
        #[expect(clippy::cast_precision_loss, reason = "a handful of papers")]
        let mut y = 196.0 + (452.0 - rows - gap * (blocks.len() - 1) as f32) / 2.0;
        for (block, later) in blocks.iter().zip([0.2, 0.4, 0.6, 0.8]) {
            let (below, alpha) = self.rise(later);
            let middle = y + below + block.height().max(64.0) / 2.0;
            canvas.icon(Icon::Check, (MARGIN + 32.0, middle), 56.0, self.ink.faint(alpha));
            block.draw(canvas, (MARGIN + 88.0, middle - block.height() / 2.0), alpha);
            y += block.height().max(64.0) + gap;
        }
    }

    fn end(&self, canvas: &mut Canvas, decides: &str, site: &str, free: &str) {
        canvas.rosette((WIDTH / 2.0, 236.0), 206.0, WHITE.faint(0.1 * self.alpha));
        canvas.seal((WIDTH / 2.0, 236.0), 120.0, self.alpha);
        let decides = Block::new(decides, COLUMN, centred(60.0, 2, WHITE, true));
        let site = Block::new(site, COLUMN, centred(44.0, 1, WHITE, false));
        let free = Block::new(free, COLUMN, centred(36.0, 1, WHITE.faint(0.85), false));
        let mut y = 420.0;
        for (block, later) in [(decides, 0.2), (site, 0.4), (free, 0.6)] {
            self.write(canvas, &block, y, later);
            y += block.height() + 12.0;
        }
    }
}
