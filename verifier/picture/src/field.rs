//! Reed and Solomon's code over 256 elements, with errors and with what is missing.

/// Powers of the generator and their logarithms; the field's polynomial is 0x11d (ISO/IEC 18004, 7.5).
const POWERS: ([u8; 512], [u8; 256]) = {
    let (mut powers, mut logs) = ([0; 512], [0; 256]);
    let (mut value, mut n) = (1u16, 0);
    while n < 512 {
        powers[n] = value.to_le_bytes()[0];
        if n < 255 {
            logs[value as usize] = n.to_le_bytes()[0];
        }
        value <<= 1;
        if value > 255 {
            value ^= 0x11d;
        }
        n += 1;
    }
    (powers, logs)
};

fn power(n: usize) -> u8 {
    POWERS.0[n % 255]
}

fn times(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        0
    } else {
        POWERS.0[usize::from(POWERS.1[usize::from(a)]) + usize::from(POWERS.1[usize::from(b)])]
    }
}

/// One over a value; of nothing, nothing.
fn inverse(a: u8) -> u8 {
    if a == 0 { 0 } else { power(255 - usize::from(POWERS.1[usize::from(a)])) }
}

/// The value of a polynomial, lowest power first.
fn value(polynomial: &[u8], x: u8) -> u8 {
    polynomial.iter().rev().fold(0, |sum, c| times(sum, x) ^ c)
}

/// The polynomial times x.
fn shifted(polynomial: &[u8]) -> Vec<u8> {
    let mut out = vec![0];
    out.extend(&polynomial[..polynomial.len() - 1]);
    out
}

/// A block without its errors, `missing` being the places of which nothing is known; nothing where the
/// last `correction` codewords do not suffice so that `left_over` remain to say that it is right.
pub fn corrected(block: &[u8], missing: &[usize], correction: usize, left_over: usize) -> Option<Vec<u8>> {
    let syndromes = syndromes(block, correction);
    if syndromes.iter().all(|s| *s == 0) {
        return Some(block.to_vec());
    }
    if missing.len() > correction {
        return None;
    }
    let locator = locator(&syndromes, block.len(), missing);
    let degree = locator.iter().rposition(|c| *c != 0)?;
    let places: Vec<usize> =
        (0..block.len()).filter(|n| value(&locator, inverse(power(block.len() - 1 - n))) == 0).collect();
    let errors = degree - missing.len().min(degree);
    if places.len() != degree || missing.len() + errors + errors.max(left_over) > correction {
        return None;
    }
    // Forney: the value at each place from the evaluator and the locator's derivative.
    let evaluator: Vec<u8> = (0..correction)
        .map(|n| {
            (0..=n).fold(0, |sum, i| sum ^ times(locator.get(i).copied().unwrap_or(0), syndromes[n - i]))
        })
        .collect();
    let derivative: Vec<u8> =
        locator.iter().enumerate().skip(1).map(|(n, c)| if n % 2 == 1 { *c } else { 0 }).collect();
    let mut out = block.to_vec();
    for place in places {
        let x = power(block.len() - 1 - place);
        out[place] ^= times(x, times(value(&evaluator, inverse(x)), inverse(value(&derivative, inverse(x)))));
    }
    self::syndromes(&out, correction).iter().all(|s| *s == 0).then_some(out)
}

fn syndromes(block: &[u8], correction: usize) -> Vec<u8> {
    (0..correction).map(|n| block.iter().fold(0, |sum, word| times(sum, power(n)) ^ word)).collect()
}

/// Berlekamp and Massey, begun with the places that are missing (Blahut, 1983).
fn locator(syndromes: &[u8], length: usize, missing: &[usize]) -> Vec<u8> {
    let mut locator = vec![0; syndromes.len() + 1];
    locator[0] = 1;
    for place in missing {
        let x = power(length - 1 - place);
        let next: Vec<u8> = locator.iter().zip(shifted(&locator)).map(|(a, b)| a ^ times(x, b)).collect();
        locator = next;
    }
    let (mut before, mut errors) = (locator.clone(), missing.len());
    for round in missing.len() + 1..=syndromes.len() {
        let discrepancy = (0..round).fold(0, |sum, n| sum ^ times(locator[n], syndromes[round - n - 1]));
        let moved = shifted(&before);
        if discrepancy == 0 {
            before = moved;
            continue;
        }
        let next: Vec<u8> = locator.iter().zip(&moved).map(|(a, b)| a ^ times(discrepancy, *b)).collect();
        if 2 * errors < round + missing.len() {
            errors = round + missing.len() - errors;
            let scale = inverse(discrepancy);
            before = locator.iter().map(|c| times(*c, scale)).collect();
        } else {
            before = moved;
        }
        locator = next;
    }
    locator
}
