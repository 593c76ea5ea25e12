//! What a file is, by its first bytes; never by its name or by what the sender says.
//!
//! **Invariant:** nothing is called a picture but PNG, JPEG, GIF and WebP; everything else is bytes to save, so that no SVG,
//! HTML or XML is ever drawn as a document. A picture is only drawn when its own header claims no more than 40 megapixels:
//! sixty bytes can claim four thousand million.
//!
//! Refused: a crate that knows hundreds of formats. Four are drawn, and their headers are a page.

/// Pixels. More are not decoded: at four bytes each this is 160 MB.
pub const MAX_PIXELS: u64 = 40_000_000;
/// Bytes of which a JPEG's size must be found: colour profiles and previews come before it.
const MAX_SEARCH: usize = 4 * 1024 * 1024;

/// The type of a file: `image/png`, `image/jpeg`, `image/gif`, `image/webp` or `application/octet-stream`.
#[must_use]
pub fn sniff(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', b'V', b'P', b'8', b' ' | b'L' | b'X', ..] => {
            "image/webp"
        }
        _ => "application/octet-stream",
    }
}

/// Whether a file may be handed to a decoder: it is no picture, or one whose header gives a size of at most
/// [`MAX_PIXELS`]. A picture without a readable size may not.
#[must_use]
pub fn within_limits(bytes: &[u8]) -> bool {
    let size = match sniff(bytes) {
        "image/png" => png(bytes),
        "image/jpeg" => jpeg(bytes),
        "image/gif" => gif(bytes),
        "image/webp" => webp(bytes),
        _ => return true,
    };
    size.is_some_and(|(width, height)| width > 0 && height > 0 && width * height <= MAX_PIXELS)
}

/// `IHDR` is the first chunk (PNG, section 5.6).
fn png(bytes: &[u8]) -> Option<(u64, u64)> {
    (bytes.get(12..16)? == b"IHDR").then_some(())?;
    let number = |at: usize| Some(u64::from(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)));
    Some((number(16)?, number(20)?))
}

/// The screen, or its first picture where that is larger: decoders enlarge the screen then (GIF89a, sections 18 and 20).
fn gif(bytes: &[u8]) -> Option<(u64, u64)> {
    let number = |at: usize| Some(u64::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    let (mut width, mut height) = (number(6)?, number(8)?);
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + table(*bytes.get(10)?);
    while at < MAX_SEARCH {
        match bytes.get(at)? {
            b'!' => {
                at += 2;
                while *bytes.get(at)? != 0 {
                    at += 1 + usize::from(*bytes.get(at)?);
                }
                at += 1;
            }
            b',' => {
                width = width.max(number(at + 1)? + number(at + 5)?);
                height = height.max(number(at + 3)? + number(at + 7)?);
                return Some((width, height));
            }
            _ => return None,
        }
    }
    None
}

/// The canvas of `VP8X`, or the frame of `VP8 ` or `VP8L` (RFC 9649, section 2).
fn webp(bytes: &[u8]) -> Option<(u64, u64)> {
    let byte = |at: usize| bytes.get(at).copied().map(u64::from);
    let short = |at: usize| Some(byte(at)? | (byte(at + 1)? << 8));
    match bytes.get(12..16)? {
        b"VP8X" => {
            let side = |at: usize| Some((short(at)? | (byte(at + 2)? << 16)) + 1);
            Some((side(24)?, side(27)?))
        }
        b"VP8L" => {
            (byte(20)? == 0x2f).then_some(())?;
            let bits = short(21)? | (short(23)? << 16);
            Some(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
        }
        _ => {
            (bytes.get(23..26)? == [0x9d, 0x01, 0x2a]).then_some(())?;
            Some((short(26)? & 0x3fff, short(28)? & 0x3fff))
        }
    }
}

/// The largest frame header before the first scan (ITU-T T.81, section B.2).
fn jpeg(bytes: &[u8]) -> Option<(u64, u64)> {
    let mut at = 2;
    let mut found: Option<(u64, u64)> = None;
    while at < MAX_SEARCH.min(bytes.len()) {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        match marker {
            0xff => {
                at += 1;
                continue;
            }
            0x01 | 0xd0..=0xd8 => {
                at += 2;
                continue;
            }
            0xd9 | 0xda => return found,
            _ => {}
        }
        let number = |at: usize| Some(u64::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let (height, width) = (number(at + 5)?, number(at + 7)?);
            let larger = found.is_none_or(|(w, h)| width * height > w * h || height == 0 || width == 0);
            if larger {
                found = Some((width, height));
            }
        }
        let length = usize::try_from(number(at + 2)?).ok()?;
        if length < 2 {
            return None;
        }
        at += 2 + length;
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use proptest::prelude::*;

    use super::*;

    fn png_of(width: u32, height: u32) -> Vec<u8> {
        [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes(), b"\x08\x06\0\0\0"]
            .concat()
    }

    fn gif_of(screen: (u16, u16), frame: (u16, u16)) -> Vec<u8> {
        let pair = |(a, b): (u16, u16)| [a.to_le_bytes(), b.to_le_bytes()].concat();
        [
            b"GIF89a".as_slice(),
            &pair(screen),
            &[0x80, 0, 0],
            &[0; 6],
            b"!\xfe\x03abc\0",
            b",",
            &[0; 4],
            &pair(frame),
            &[0, 2],
        ]
        .concat()
    }

    fn jpeg_of(width: u16, height: u16) -> Vec<u8> {
        let frame =
            [&b"\xff\xc2\0\x0b\x08"[..], &height.to_be_bytes(), &width.to_be_bytes(), b"\x01\x01\x11\0"].concat();
        [b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc4\0\x02".as_slice(), &frame, b"\xff\xda\0\x02"].concat()
    }

    fn webp_of(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
        [b"RIFF\0\0\0\0WEBP".as_slice(), kind, &[0; 4], payload].concat()
    }

    #[test]
    fn only_four_kinds_are_pictures() {
        for (bytes, expected) in [
            (png_of(1, 1), "image/png"),
            (jpeg_of(1, 1), "image/jpeg"),
            (gif_of((1, 1), (1, 1)), "image/gif"),
            (webp_of(b"VP8X", &[0; 10]), "image/webp"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "application/octet-stream"),
            (b"<!doctype html><script>".to_vec(), "application/octet-stream"),
            (b"<?xml version='1.0'?>".to_vec(), "application/octet-stream"),
            (b"%PDF-1.7".to_vec(), "application/octet-stream"),
            (b"MZ\x90".to_vec(), "application/octet-stream"),
            (b"\x7fELF".to_vec(), "application/octet-stream"),
            (b"BM\0\0".to_vec(), "application/octet-stream"),
            (b"RIFF\0\0\0\0WAVEfmt ".to_vec(), "application/octet-stream"),
            (b" \x89PNG\r\n\x1a\n".to_vec(), "application/octet-stream"),
            (b"GIF88a".to_vec(), "application/octet-stream"),
            (Vec::new(), "application/octet-stream"),
        ] {
            assert_eq!(sniff(&bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn a_picture_of_more_than_forty_megapixels_is_not_decoded() {
        let vp8 = |width: u16, height: u16| {
            webp_of(b"VP8 ", &[&b"\0\0\0\x9d\x01\x2a"[..], &width.to_le_bytes(), &height.to_le_bytes()].concat())
        };
        let vp8l = |width: u32, height: u32| {
            webp_of(b"VP8L", &[&[0x2f][..], &((width - 1) | ((height - 1) << 14)).to_le_bytes()].concat())
        };
        let vp8x = |width: u32, height: u32| {
            webp_of(b"VP8X", &[&[0; 4], &(width - 1).to_le_bytes()[..3], &(height - 1).to_le_bytes()[..3]].concat())
        };
        for (bytes, expected) in [
            (png_of(8000, 5000), true),
            (png_of(8000, 5001), false),
            (png_of(65_535, 65_535), false),
            (png_of(u32::MAX, u32::MAX), false),
            (png_of(0, 5), false),
            (jpeg_of(8000, 5000), true),
            (jpeg_of(8000, 5001), false),
            (jpeg_of(65_535, 65_535), false),
            (jpeg_of(100, 0), false),
            ([&jpeg_of(10, 10)[..26], &jpeg_of(60_000, 60_000)[2..]].concat(), false),
            (gif_of((8000, 5000), (10, 10)), true),
            (gif_of((65_535, 65_535), (1, 1)), false),
            (gif_of((1, 1), (65_535, 65_535)), false),
            (vp8(8000, 5000), true),
            (vp8(16_383, 16_383), false),
            (vp8l(8000, 5000), true),
            (vp8l(16_384, 16_384), false),
            (vp8x(8000, 5000), true),
            (vp8x(1 << 24, 1 << 24), false),
            (b"just bytes".to_vec(), true),
        ] {
            assert_eq!(within_limits(&bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn a_picture_that_breaks_off_before_its_size_is_not_decoded() {
        for whole in [png_of(9, 9), jpeg_of(9, 9), gif_of((9, 9), (9, 9)), webp_of(b"VP8X", &[0; 10])] {
            assert!(within_limits(&whole), "{whole:?}");
            let head = whole.len().min(22);
            for end in 0..head {
                let part = &whole[..end];
                assert!(sniff(part) == "application/octet-stream" || !within_limits(part), "{part:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reading_fail(
            head in prop::sample::select(vec![png_of(9, 9), jpeg_of(9, 9), gif_of((9, 9), (9, 9)), webp_of(b"VP8L", &[0x2f])]),
            keep in 0usize..40,
            tail in prop::collection::vec(any::<u8>(), 0..80),
        ) {
            let bytes = [&head[..keep.min(head.len())], &tail].concat();
            let _ = within_limits(&bytes);
        }
    }
}
