//! Drawings that need no font: border, rosette, seal and QR code.

use std::f32::consts::TAU;

use pdf_writer::{Content, Name};

use crate::canvas::{Canvas, HEIGHT, Ink, WIDTH, round};

/// Colour of titles, borders and the seal.
pub const NAVY: Ink = [0.09, 0.17, 0.36];
/// Accent colour.
pub const BRONZE: Ink = [0.62, 0.44, 0.16];

/// The rosette as operators: a guilloche band between radius 0.62 and 1, stroked in the colour in force.
pub fn rosette() -> Vec<u8> {
    let mut content = Content::new();
    content.set_line_width(0.006);
    for phase in [0.0_f32, 0.5] {
        let steps = 540_u16;
        for step in 0..steps {
            let turn = f32::from(step) / f32::from(steps);
            let wave = (TAU * (turn * 36.0 + phase)).cos();
            let slow = (TAU * (turn * 12.0)).cos();
            let radius = 0.81 + 0.13 * wave + 0.05 * slow;
            let (x, y) = (radius * (TAU * turn).cos(), radius * (TAU * turn).sin());
            let (x, y) = ((x * 1000.0).round() / 1000.0, (y * 1000.0).round() / 1000.0);
            if step == 0 {
                content.move_to(x, y);
            } else {
                content.line_to(x, y);
            }
        }
        content.close_and_stroke();
    }
    for (radius, line) in [(0.995, 0.016), (0.96, 0.005), (0.66, 0.005), (0.625, 0.016)] {
        content.set_line_width(line);
        circle(&mut content, 0.0, 0.0, radius);
        content.close_and_stroke();
    }
    content.finish().into_vec()
}

fn circle(content: &mut Content, x: f32, y: f32, r: f32) {
    let k = r * 0.5523;
    content.move_to(x + r, y);
    content.cubic_to(x + r, y + k, x + k, y + r, x, y + r);
    content.cubic_to(x - k, y + r, x - r, y + k, x - r, y);
    content.cubic_to(x - r, y - k, x - k, y - r, x, y - r);
    content.cubic_to(x + k, y - r, x + r, y - k, x + r, y);
}

fn place(canvas: &mut Canvas, x: f32, y: f32, radius: f32, [r, g, b]: Ink) {
    let matrix = [radius, 0.0, 0.0, radius, round(x), round(HEIGHT - y)];
    canvas.content.save_state().set_stroke_rgb(r, g, b).transform(matrix);
    canvas.content.x_object(Name(b"Rosette")).restore_state();
}

/// A filled disc.
pub fn disc(canvas: &mut Canvas, x: f32, y: f32, radius: f32, [r, g, b]: Ink) {
    canvas.content.set_fill_rgb(r, g, b);
    circle(&mut canvas.content, round(x), round(HEIGHT - y), radius);
    canvas.content.fill_nonzero();
}

/// The pale rosettes under the text.
pub fn watermark(canvas: &mut Canvas) {
    let pale = [0.93, 0.945, 0.97];
    place(canvas, WIDTH / 2.0, 430.0, 190.0, pale);
    place(canvas, WIDTH / 2.0, 430.0, 117.0, pale);
    place(canvas, WIDTH / 2.0, 430.0, 72.0, pale);
}

/// The border: a strong line outside, a fine one inside, a bronze one between, and squares in the corners.
pub fn border(canvas: &mut Canvas) {
    for (inset, line, ink) in [(20.0, 1.8, NAVY), (23.8, 0.5, BRONZE), (27.0, 0.6, NAVY)] {
        canvas.frame([inset, inset, WIDTH - 2.0 * inset, HEIGHT - 2.0 * inset], line, ink);
    }
    for x in [27.0, WIDTH - 27.0] {
        for y in [27.0, HEIGHT - 27.0] {
            canvas.fill([x - 7.0, y - 7.0, 14.0, 14.0], [1.0; 3]);
            canvas.frame([x - 7.0, y - 7.0, 14.0, 14.0], 1.2, NAVY);
            place(canvas, x, y, 5.2, BRONZE);
        }
    }
}

/// The seal without its word: the rosette around a rubber stamp standing on its base.
pub fn seal(canvas: &mut Canvas, x: f32, y: f32, radius: f32) {
    let [r, g, b] = NAVY;
    canvas.content.set_fill_rgb(1.0, 1.0, 1.0);
    circle(&mut canvas.content, round(x), round(HEIGHT - y), radius);
    canvas.content.fill_nonzero();
    place(canvas, x, y, radius, NAVY);
    let matrix = [radius, 0.0, 0.0, radius, round(x), round(HEIGHT - y)];
    canvas.content.save_state().transform(matrix).set_fill_rgb(r, g, b);
    let content = &mut canvas.content;
    circle(content, 0.0, 0.41, 0.115);
    content.fill_nonzero();
    // the handle widens towards the base
    content.move_to(-0.055, 0.33).line_to(0.055, 0.33);
    content.cubic_to(0.06, 0.22, 0.1, 0.19, 0.2, 0.16).line_to(-0.2, 0.16);
    content.cubic_to(-0.1, 0.19, -0.06, 0.22, -0.055, 0.33).fill_nonzero();
    content.rect(-0.3, 0.055, 0.6, 0.085).fill_nonzero();
    content.set_fill_rgb(BRONZE[0], BRONZE[1], BRONZE[2]);
    content.rect(-0.36, -0.005, 0.72, 0.03).fill_nonzero();
    content.rect(-0.36, -0.4, 0.72, 0.03).fill_nonzero();
    content.restore_state();
}

/// A short rule with a diamond in the middle.
pub fn flourish(canvas: &mut Canvas, y: f32) {
    let middle = WIDTH / 2.0;
    canvas.rule(middle - 92.0, y, 82.0, 0.6, BRONZE);
    canvas.rule(middle + 10.0, y, 82.0, 0.6, BRONZE);
    let (x, y) = (round(middle), round(HEIGHT - y));
    canvas.content.set_fill_rgb(BRONZE[0], BRONZE[1], BRONZE[2]);
    canvas.content.move_to(x - 4.0, y).line_to(x, y + 2.6).line_to(x + 4.0, y).line_to(x, y - 2.6);
    canvas.content.close_path().fill_nonzero();
}

/// The QR code in its white box of `side` points, four modules of quiet zone included.
pub fn qr(canvas: &mut Canvas, modules: &[Vec<bool>], (x, y): (f32, f32), side: f32) {
    let small = |index: usize| f32::from(u16::try_from(index).unwrap_or(u16::MAX));
    canvas.fill([x, y, side, side], [1.0; 3]);
    canvas.frame([x, y, side, side], 0.4, [0.6, 0.64, 0.72]);
    let unit = side / small(modules.len() + 8);
    let matrix = [unit, 0.0, 0.0, -unit, round(x) + 4.0 * unit, round(HEIGHT - y) - 4.0 * unit];
    canvas.content.save_state().transform(matrix).set_fill_gray(0.0);
    for (line, row) in modules.iter().enumerate() {
        let mut at = 0;
        while at < row.len() {
            let run = row[at..].iter().take_while(|dark| **dark).count();
            if run > 0 {
                canvas.content.rect(small(at), small(line), small(run), 1.0);
            }
            at += run.max(1);
        }
    }
    canvas.content.fill_nonzero().restore_state();
}
