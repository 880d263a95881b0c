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
    let (right, bottom) = (picture.width() as usize - 1, picture.height() as usize - 1);
    let (x, y) = ((x - 0.5).clamp(0.0, real(right)), (y - 0.5).clamp(0.0, real(bottom)));
    let (left, top) = (whole(x), whole(y));
    let (u, v) = (x - real(left), y - real(top));
    let rows = [top, (top + 1).min(bottom)].map(|y| &picture.as_raw()[y * (right + 1)..][..=right]);
    let across = |row: &[u8]| {
        let (one, other) = (f32::from(row[left]), f32::from(row[(left + 1).min(right)]));
        one + (other - one) * u
    };
    let (upper, lower) = (across(rows[0]), across(rows[1]));
    upper + (lower - upper) * v
}

/// Sums over squares of values in a square, whatever their size, each in the same time.
pub struct Sums {
    sums: Vec<f32>,
    side: usize,
}

impl Sums {
    /// Of `side` × `side` values.
    pub fn of(side: usize, value: impl Fn(usize) -> f32) -> Self {
        let mut sums = vec![0.0; (side + 1) * (side + 1)];
        for y in 0..side {
            let mut sum = 0.0;
            for x in 0..side {
                sum += value(y * side + x);
                sums[(y + 1) * (side + 1) + x + 1] = sums[y * (side + 1) + x + 1] + sum;
            }
        }
        Self { sums, side }
    }

    /// Around a place, so many values each way as far as there are.
    pub fn around(&self, n: usize, reach: usize) -> f32 {
        let (x, y) = (n % self.side, n / self.side);
        let (left, right) = (x.saturating_sub(reach), (x + reach + 1).min(self.side));
        let (top, bottom) = (y.saturating_sub(reach), (y + reach + 1).min(self.side));
        let at = |x: usize, y: usize| self.sums[y * (self.side + 1) + x];
        at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a picture has fewer than sixteen million pixels a side")]
const fn real(length: usize) -> f32 {
    length as f32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float saturates as it is cast"
)]
const fn whole(length: f32) -> usize {
    length as usize
}
