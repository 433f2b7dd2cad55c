//! A QR code as a picture that a telephone reads off a screen.

use std::io;

use daypass_ident::Secret;
use png::{BitDepth, ColorType, Encoder, EncodingError};
use qrcode::{Color, EcLevel, QrCode};

/// The PNG of a text's QR code, black on white.
///
/// # Errors
/// When the text is longer than QR codes can be: some two thousand characters.
pub(super) fn png(text: &Secret<String>) -> Result<Secret<Vec<u8>>, EncodingError> {
    let code = QrCode::with_error_correction_level(text.expose(), EcLevel::M)
        .map_err(|error| io::Error::other(error.to_string()))?;
    let modules = code.width();
    let colors = Secret::new(
        code.to_colors().iter().map(|color| u8::from(*color == Color::Dark)).collect::<Vec<_>>(),
    );
    let side = (modules + 2 * MARGIN) * SCALE;

    let is_light = |x: usize, y: usize| {
        let (Some(x), Some(y)) = ((x / SCALE).checked_sub(MARGIN), (y / SCALE).checked_sub(MARGIN))
        else {
            return true;
        };
        x >= modules || colors.expose().get(y * modules + x).is_none_or(|dark| *dark == 0)
    };
    // Eight pixels to a byte, the first in its highest bit.
    let packed = |y: usize, from: usize| {
        (from..from + 8).fold(0_u8, |bits, x| (bits << 1) | u8::from(is_light(x, y)))
    };
    let rows = (0..side).flat_map(|y| (0..side).step_by(8).map(move |x| packed(y, x)));
    let pixels = Secret::new(rows.collect::<Vec<u8>>());

    let side = u32::try_from(side).unwrap_or(u32::MAX);
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, side, side);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::One);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels.expose())?;
    writer.finish()?;
    Ok(Secret::new(file))
}

/// Pixels to the side of a module.
const SCALE: usize = 4;

/// Modules that are left white on each side, which readers need (ISO/IEC 18004).
const MARGIN: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_reads_the_text() {
        for text in ["otpauth://totp/phone@123456789012?secret=JBSWY3DPEHPK3PXP", &"x".repeat(900)]
        {
            let file = png(&Secret::new(text.to_owned())).unwrap();
            assert_eq!(read(file.expose()), text);
        }
    }

    #[test]
    fn a_text_that_is_too_long_is_refused() {
        assert!(png(&Secret::new("x".repeat(3_000))).is_err());
    }

    fn read(file: &[u8]) -> String {
        let mut decoder = png::Decoder::new(io::Cursor::new(file));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        let (width, height) = (info.width as usize, info.height as usize);
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
            pixels[y * width + x]
        });
        let grids = image.detect_grids();
        grids[0].decode().unwrap().1
    }
}
