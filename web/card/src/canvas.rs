//! A sheet of pixels: boxes, circles, drawings and the seal.

use crate::icons::{Mark, marks};
use mohar_schemas::scheme::Icon;
use std::f32::consts::TAU;
use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform,
};

/// A colour with its opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink {
    rgb: [u8; 3],
    alpha: f32,
}

/// Dark text.
pub const INK: Ink = Ink::new([27, 34, 51]);
/// The ground of pictures.
pub const PAPER: Ink = Ink::new([251, 247, 239]);
/// White.
pub const WHITE: Ink = Ink::new([255, 255, 255]);
/// The accent of the seal.
pub const BRONZE: Ink = Ink::new([217, 164, 65]);
/// The colour of the seal.
pub const NAVY: Ink = Ink::new([29, 58, 107]);
/// The ground of a warning.
pub const AMBER: Ink = Ink::new([253, 236, 200]);
/// The text of a warning.
pub const BROWN: Ink = Ink::new([112, 66, 0]);

impl Ink {
    /// An opaque colour.
    pub const fn new(rgb: [u8; 3]) -> Self {
        Self { rgb, alpha: 1.0 }
    }

    /// The same, with an opacity from 0 to 1.
    pub fn faint(self, alpha: f32) -> Self {
        Self { alpha: self.alpha * alpha.clamp(0.0, 1.0), ..self }
    }

    /// On the way to another colour, from 0 to 1.
    pub fn towards(self, other: Self, part: f32) -> Self {
        let mix = |at: usize| {
            let (a, b) = (f32::from(self.rgb[at]), f32::from(other.rgb[at]));
            byte(a + (b - a) * part.clamp(0.0, 1.0))
        };
        Self { rgb: [mix(0), mix(1), mix(2)], ..self }
    }

    fn paint(self) -> Paint<'static> {
        let [r, g, b] = self.rgb;
        let mut paint = Paint::default();
        paint.set_color_rgba8(r, g, b, byte(self.alpha * 255.0));
        paint
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
fn byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

/// A sheet being drawn.
pub struct Canvas {
    pixels: Pixmap,
}

impl Canvas {
    /// A sheet of one colour.
    ///
    /// # Panics
    /// On a size of zero.
    pub fn new((width, height): (u32, u32), ground: Ink) -> Self {
        let mut pixels = Pixmap::new(width, height).expect("a size");
        let [r, g, b] = ground.rgb;
        pixels.fill(Color::from_rgba8(r, g, b, 255));
        Self { pixels }
    }

    /// Fills a path.
    pub fn fill(&mut self, path: Option<&Path>, ink: Ink) {
        if let Some(path) = path {
            self.pixels.fill_path(path, &ink.paint(), FillRule::Winding, Transform::identity(), None);
        }
    }

    fn stroke(&mut self, path: Option<Path>, ink: Ink, width: f32, place: Transform) {
        let pen = Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        if let Some(path) = path {
            self.pixels.stroke_path(&path, &ink.paint(), &pen, place, None);
        }
    }

    /// A box: left, top, width, height; with round corners.
    pub fn frame(&mut self, [x, y, w, h]: [f32; 4], radius: f32, ink: Ink) {
        self.fill(rounded([x, y, w, h], radius).as_ref(), ink);
    }

    /// A filled circle.
    pub fn disc(&mut self, (x, y): (f32, f32), radius: f32, ink: Ink) {
        self.fill(PathBuilder::from_circle(x, y, radius).as_ref(), ink);
    }

    /// A drawing in a square of `side` around a point.
    pub fn icon(&mut self, icon: Icon, (x, y): (f32, f32), side: f32, ink: Ink) {
        let unit = side / 24.0;
        let place = Transform::from_row(unit, 0.0, 0.0, unit, x - side / 2.0, y - side / 2.0);
        for mark in marks(icon) {
            match mark {
                Mark::Dot(..) => {
                    let path = path_of(mark).and_then(|p| p.transform(place));
                    self.fill(path.as_ref(), ink);
                }
                _ => self.stroke(path_of(mark), ink, 1.7, place),
            }
        }
    }

    /// The rosette: fine waves around a centre.
    pub fn rosette(&mut self, (x, y): (f32, f32), radius: f32, ink: Ink) {
        let place = Transform::from_row(radius, 0.0, 0.0, radius, x, y);
        for phase in [0.0, 0.25, 0.5, 0.75] {
            let mut path = PathBuilder::new();
            for step in 0..720_u16 {
                let turn = f32::from(step) / 720.0;
                let wave = 0.8 + 0.14 * (TAU * (turn * 18.0 + phase)).cos() + 0.05 * (TAU * turn * 6.0).cos();
                let (x, y) = (wave * (TAU * turn).cos(), wave * (TAU * turn).sin());
                if step == 0 {
                    path.move_to(x, y);
                } else {
                    path.line_to(x, y);
                }
            }
            path.close();
            self.stroke(path.finish(), ink, 2.0 / radius, place);
        }
    }

    /// The seal of the portal: a tick inside two rings.
    pub fn seal(&mut self, (x, y): (f32, f32), radius: f32, alpha: f32) {
        let unit = radius / 30.0;
        let place = Transform::from_row(unit, 0.0, 0.0, unit, x - 32.0 * unit, y - 32.0 * unit);
        self.disc((x, y), radius, NAVY.faint(alpha));
        self.stroke(PathBuilder::from_circle(32.0, 32.0, 19.0), WHITE.faint(alpha), 1.5, place);
        for tooth in 0..30_u8 {
            let turn = TAU * f32::from(tooth) / 30.0;
            let centre = (x + 24.5 * unit * turn.cos(), y + 24.5 * unit * turn.sin());
            self.disc(centre, 1.3 * unit, BRONZE.faint(alpha));
        }
        let mut tick = PathBuilder::new();
        tick.move_to(21.0, 33.0);
        tick.line_to(29.0, 41.0);
        tick.line_to(44.0, 24.0);
        self.stroke(tick.finish(), WHITE.faint(alpha), 5.0, place);
    }

    /// The pixels, row by row, red, green and blue.
    pub fn rgb(&self) -> Vec<u8> {
        self.pixels.pixels().iter().flat_map(|p| [p.red(), p.green(), p.blue()]).collect()
    }

    /// A PNG file.
    ///
    /// # Panics
    /// Never: writing into memory cannot fail.
    pub fn png(&self) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.pixels.width(), self.pixels.height());
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::High);
        encoder.set_filter(png::Filter::NoFilter);
        let mut writer = encoder.write_header().expect("memory takes everything");
        writer.write_image_data(&self.rgb()).expect("as many pixels as the header says");
        drop(writer);
        file
    }
}

fn rounded([x, y, w, h]: [f32; 4], radius: f32) -> Option<Path> {
    let r = radius.min(w / 2.0).min(h / 2.0);
    if r <= 0.0 {
        return Rect::from_xywh(x, y, w, h).map(PathBuilder::from_rect);
    }
    let (right, bottom) = (x + w, y + h);
    // The part of the radius that makes a cubic follow a quarter of a circle.
    let k = r * 0.4477;
    let mut path = PathBuilder::new();
    path.move_to(x + r, y);
    path.line_to(right - r, y);
    path.cubic_to(right - k, y, right, y + k, right, y + r);
    path.line_to(right, bottom - r);
    path.cubic_to(right, bottom - k, right - k, bottom, right - r, bottom);
    path.line_to(x + r, bottom);
    path.cubic_to(x + k, bottom, x, bottom - k, x, bottom - r);
    path.line_to(x, y + r);
    path.cubic_to(x, y + k, x + k, y, x + r, y);
    path.close();
    path.finish()
}

fn path_of(mark: &Mark) -> Option<Path> {
    let mut path = PathBuilder::new();
    match *mark {
        Mark::Ring(x, y, r) | Mark::Dot(x, y, r) => return PathBuilder::from_circle(x, y, r),
        Mark::Frame(x, y, w, h, r) => return rounded([x, y, w, h], r),
        Mark::Line(points) | Mark::Shape(points) => {
            for (place, (x, y)) in points.iter().enumerate() {
                if place == 0 {
                    path.move_to(*x, *y);
                } else {
                    path.line_to(*x, *y);
                }
            }
            if matches!(mark, Mark::Shape(_)) {
                path.close();
            }
        }
        Mark::Curve(points) => {
            let (first, rest) = points.split_first()?;
            path.move_to(first.0, first.1);
            for pair in rest.chunks_exact(2) {
                path.quad_to(pair[0].0, pair[0].1, pair[1].0, pair[1].1);
            }
        }
    }
    path.finish()
}
