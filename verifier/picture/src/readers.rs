//! Other people's readers, each with its own ways of finding and binarising.

use image::GrayImage;
use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BinaryBitmap, DecodeHints, Luma8LuminanceSource};

/// `rqrr`, after quirc: quick.
pub fn quick(picture: &GrayImage) -> Vec<String> {
    let mut prepared = rqrr::PreparedImage::prepare(picture.clone());
    prepared.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}

/// `rxing`, after ZXing-C++: thorough.
pub fn thorough(picture: &GrayImage) -> Vec<String> {
    let (luma, width, height) = (picture.as_raw().clone(), picture.width(), picture.height());
    let Ok(source) = Luma8LuminanceSource::new(luma, width, height) else { return vec![] };
    let hints = DecodeHints { TryHarder: Some(true), ..DecodeHints::default() };
    let found =
        QrReader.decode_multiple_with_hints(&mut BinaryBitmap::new(HybridBinarizer::new(source)), &hints);
    found.unwrap_or_default().iter().map(|code| code.getText().to_owned()).collect()
}
