//! The plane of a code in a picture: from modules to pixels and back to greys.

use image::GrayImage;

/// A projective map from module coordinates to pixels, the last entry 1.
#[derive(Debug, Clone, Copy)]
pub struct Map([f32; 8]);

/// A place in modules, the same place in pixels, and how sure that is (0 to 1).
pub type Pair = ([f32; 2], [f32; 2], f32);

impl Map {
    /// The map that fits at least four pairs best (least squares); nothing where they lie on a line.
    pub fn fit(pairs: &[Pair]) -> Option<Self> {
        if pairs.len() < 4 {
            return None;
        }
        // Normal equations of x·(1 + gu + hv) = au + bv + c and the same for y, in double precision.
        let mut m = [[0.0f64; 9]; 8];
        for ([u, v], [x, y], sure) in pairs {
            let [u, v, x, y, sure] = [u, v, x, y, sure].map(|n| f64::from(*n));
            let rows = [
                [u, v, 1.0, 0.0, 0.0, 0.0, -u * x, -v * x, x],
                [0.0, 0.0, 0.0, u, v, 1.0, -u * y, -v * y, y],
            ];
            for row in rows {
                for i in 0..8 {
                    for j in 0..9 {
                        m[i][j] += sure * row[i] * row[j];
                    }
                }
            }
        }
        solve(m).map(Self)
    }

    /// Where a place in modules lies.
    pub fn at(&self, [u, v]: [f32; 2]) -> [f32; 2] {
        let m = &self.0;
        let depth = m[6] * u + m[7] * v + 1.0;
        [(m[0] * u + m[1] * v + m[2]) / depth, (m[3] * u + m[4] * v + m[5]) / depth]
    }
}

/// Gauss and Jordan with pivots.
fn solve<const N: usize, const M: usize>(mut m: [[f64; M]; N]) -> Option<[f32; N]> {
    for column in 0..N {
        let pivot = (column..N).max_by(|a, b| m[*a][column].abs().total_cmp(&m[*b][column].abs()))?;
        if m[pivot][column].abs() < 1e-9 {
            return None;
        }
        m.swap(column, pivot);
        let top = m[column];
        for (n, row) in m.iter_mut().enumerate() {
            if n != column {
                let factor = row[column] / top[column];
                for (value, above) in row.iter_mut().zip(top).skip(column) {
                    *value -= factor * above;
                }
            }
        }
    }
    let mut out = [0.0; N];
    for (n, value) in out.iter_mut().enumerate() {
        *value = narrow(m[n][M - 1] / m[n][n]);
    }
    Some(out)
}

/// The weights that turn nine neighbours into a grey, from the sums of their products.
pub fn weights(sums: &[[f64; 11]; 10]) -> Option<[f32; 10]> {
    solve(*sums)
}

#[expect(clippy::cast_possible_truncation, reason = "pixels and weights need no more than a float")]
const fn narrow(value: f64) -> f32 {
    value as f32
}

/// The grey between four pixels; the edge goes on for ever.
pub fn grey(picture: &GrayImage, [x, y]: [f32; 2]) -> f32 {
    let (x, y) = (x - 0.5, y - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (u, v) = (x - left, y - top);
    let pixel = |x: f32, y: f32| {
        let x = whole(x).min(picture.width() - 1);
        f32::from(picture.get_pixel(x, whole(y).min(picture.height() - 1)).0[0])
    };
    let upper = pixel(left, top) * (1.0 - u) + pixel(left + 1.0, top) * u;
    let lower = pixel(left, top + 1.0) * (1.0 - u) + pixel(left + 1.0, top + 1.0) * u;
    upper * (1.0 - v) + lower * v
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float saturates as it is cast"
)]
const fn whole(length: f32) -> u32 {
    length as u32
}
