//! Pictures, drawn anew dot by dot: what a camera wrote beside them (where a child lives, the hour), and whatever is hidden behind the
//! picture in its file, stays behind. Which way is up is kept. A picture that would fill the memory is not drawn.

use domain::media::MediaKind;
use domain::ports::Redraw;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// A side of a picture, in dots.
const SIDE: u32 = 12_000;
/// Dots of a picture: each takes up to sixteen bytes while it is drawn.
const DOTS: u64 = 16_000_000;
/// Memory its dots may take.
const MEMORY: u64 = 64 * 1024 * 1024;
/// Bytes of what is drawn: what is larger by much than it was, nobody waits for.
const LARGEST: usize = 10 * 1024 * 1024;
/// As a camera's own.
const QUALITY: u8 = 88;

/// See the module. One at a time: each may take its whole memory.
#[derive(Default)]
pub struct Drawing(std::sync::Arc<tokio::sync::Mutex<()>>);

#[async_trait::async_trait]
impl Redraw for Drawing {
    async fn redraw(&self, kind: MediaKind, bytes: Vec<u8>) -> Option<(MediaKind, Vec<u8>)> {
        let alone = self.0.clone().lock_owned().await;
        let drawn = tokio::task::spawn_blocking(move || {
            let _alone = alone;
            drawn(kind, &bytes)
        });
        // A library that panics on a picture draws none.
        drawn.await.ok().flatten()
    }
}

fn drawn(kind: MediaKind, bytes: &[u8]) -> Option<(MediaKind, Vec<u8>)> {
    let format = match kind {
        MediaKind::Jpeg => ImageFormat::Jpeg,
        MediaKind::Png => ImageFormat::Png,
        MediaKind::Gif => ImageFormat::Gif,
        MediaKind::Webp => ImageFormat::WebP,
        _ => return None,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) = (Some(SIDE), Some(SIDE), Some(MEMORY));
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if decoder.total_bytes() > MEMORY || u64::from(width) * u64::from(height) > DOTS {
        return None;
    }
    let upright = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    if let Some(upright) = upright {
        picture.apply_orientation(upright);
    }
    let mut out = Vec::new();
    // What may be see-through, or drawn with a few colours, stays sharp; of a moving picture its first sight is kept.
    if picture.color().has_alpha() || matches!(kind, MediaKind::Png | MediaKind::Gif) {
        picture.write_to(&mut Cursor::new(&mut out), ImageFormat::Png).ok()?;
        if out.len() <= LARGEST {
            return Some((MediaKind::Png, out));
        }
        out.clear();
    }
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&picture.into_rgb8()).ok()?;
    (out.len() <= LARGEST).then_some((MediaKind::Jpeg, out))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2 × 1: red, then blue.
    fn two_dots() -> DynamicImage {
        let mut picture = image::RgbImage::new(16, 8);
        for (x, _, dot) in picture.enumerate_pixels_mut() {
            *dot = if x < 8 { image::Rgb([255, 0, 0]) } else { image::Rgb([0, 0, 255]) };
        }
        DynamicImage::ImageRgb8(picture)
    }

    fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut out = Vec::new();
        picture.write_to(&mut Cursor::new(&mut out), format).expect("written");
        out
    }

    /// A JPEG with a camera's notes (EXIF) after its first mark: held on its side, and a place.
    fn from_a_camera() -> Vec<u8> {
        let jpeg = written(&two_dots(), ImageFormat::Jpeg);
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
        exif.extend_from_slice(b"12 Elm Street");
        let length = u16::try_from(exif.len() + 2).expect("short").to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn what_a_camera_wrote_stays_behind_and_the_picture_stands_upright() {
        let taken = from_a_camera();
        let (kind, bytes) = drawn(MediaKind::Jpeg, &[taken.as_slice(), b"PK\x03\x04 a program behind it"].concat()).expect("drawn");
        assert_eq!((kind, MediaKind::sniff(&bytes)), (MediaKind::Jpeg, MediaKind::Jpeg));
        for hidden in [&b"Exif"[..], b"Elm Street", b"a program"] {
            assert!(!bytes.windows(hidden.len()).any(|part| part == hidden), "{}", String::from_utf8_lossy(hidden));
        }
        let picture = image::load_from_memory(&bytes).expect("a picture").to_rgb8();
        assert_eq!(picture.dimensions(), (8, 16), "it was held on its side");
        assert!(picture.get_pixel(4, 2)[0] > 200 && picture.get_pixel(4, 13)[2] > 200, "red above, blue below");
    }

    #[test]
    fn each_kind_is_drawn_as_one_that_every_browser_shows() {
        for (kind, format, becomes) in [
            (MediaKind::Png, ImageFormat::Png, MediaKind::Png),
            (MediaKind::Gif, ImageFormat::Gif, MediaKind::Png),
            (MediaKind::Webp, ImageFormat::WebP, MediaKind::Jpeg),
        ] {
            let written = written(&two_dots(), format);
            assert_eq!(MediaKind::sniff(&written), kind);
            let (drawn, bytes) = drawn(kind, &written).expect("drawn");
            assert_eq!((drawn, MediaKind::sniff(&bytes)), (becomes, becomes));
        }
    }

    #[test]
    fn what_is_broken_or_would_fill_the_memory_is_not_drawn() {
        let jpeg = from_a_camera();
        assert!(drawn(MediaKind::Jpeg, b"\xff\xd8\xff\xe0 nothing").is_none());
        assert!(drawn(MediaKind::Png, &jpeg).is_none() && drawn(MediaKind::Pdf, &jpeg).is_none());
        // A small file that says it is 60,000 dots wide and high.
        let mut bomb = written(&two_dots(), ImageFormat::Png);
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        assert!(drawn(MediaKind::Png, &bomb).is_none());
        for cut in 0..jpeg.len() {
            let _ = drawn(MediaKind::Jpeg, &jpeg[..cut]);
        }
    }
}
