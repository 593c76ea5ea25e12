//! What a file is, by its first bytes; never by its name or by what the sender says.
//!
//! **Invariant:** nothing is called a picture but PNG, JPEG, GIF and WebP, nothing a film or a sound but the containers of
//! [`SHOWN`]; everything else is bytes to save, so that no SVG, HTML, XML or playlist is ever drawn as a document or
//! followed. A picture is only drawn when its own header claims no more than 40 megapixels: sixty bytes can claim four
//! thousand million.
//!
//! Refused: a crate that knows hundreds of formats. These are drawn or played, and their headers are a page.

/// Pixels. More are not decoded: at four bytes each this is 160 MB.
pub const MAX_PIXELS: u64 = 40_000_000;
/// Bytes of which a JPEG's size must be found: colour profiles and previews come before it.
const MAX_SEARCH: usize = 4 * 1024 * 1024;

/// Everything that is drawn or played.
pub const SHOWN: [&str; 13] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "video/mp4",
    "video/webm",
    "video/ogg",
    "audio/mp4",
    "audio/ogg",
    "audio/mpeg",
    "audio/wav",
    "audio/flac",
    "audio/aac",
];

/// The type of a file: one of [`SHOWN`], or `application/octet-stream`.
#[must_use]
pub fn sniff(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', b'V', b'P', b'8', b' ' | b'L' | b'X', ..] => {
            "image/webp"
        }
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => "audio/wav",
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => mp4(brand),
        [0x1a, 0x45, 0xdf, 0xa3, head @ ..] => webm(head),
        [b'O', b'g', b'g', b'S', 0, _, ..] => ogg(bytes),
        [b'f', b'L', b'a', b'C', ..] => "audio/flac",
        [b'I', b'D', b'3', 2..=4, ..] => "audio/mpeg",
        // A frame of MPEG audio, layer III (ISO/IEC 11172-3, section 2.4.1.3), with a bit rate and a rate that exist.
        [0xff, 0xfa | 0xfb | 0xf2 | 0xf3 | 0xe2 | 0xe3, rates, ..]
            if (0x10..0xf0).contains(rates) && rates & 0x0c != 0x0c =>
        {
            "audio/mpeg"
        }
        // ADTS (ISO/IEC 13818-7, section 6.2).
        [0xff, 0xf0 | 0xf1 | 0xf8 | 0xf9, ..] => "audio/aac",
        _ => "application/octet-stream",
    }
}

/// Whether a type is a film or a sound.
#[must_use]
pub fn is_played(mime: &str) -> bool {
    SHOWN.contains(&mime) && !mime.starts_with("image/")
}

/// By the major brand (ISO/IEC 14496-12, section 4.3). Pictures that come in this container (HEIF, AVIF) are none of ours.
fn mp4(brand: &[u8]) -> &'static str {
    match brand.get(..4) {
        Some(b"M4A " | b"M4B ") => "audio/mp4",
        Some(
            b"isom" | b"iso2" | b"iso4" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1" | b"M4V " | b"dash" | b"3gp4"
            | b"3gp5" | b"qt  ",
        ) => "video/mp4",
        _ => "application/octet-stream",
    }
}

/// Matroska with the document type of the web (RFC 8794, section 11.2; element `DocType`, 0x4282).
fn webm(head: &[u8]) -> &'static str {
    let head = head.get(..64.min(head.len())).unwrap_or_default();
    let is_webm = head.windows(7).any(|window| window == b"\x42\x82\x84webm");
    if is_webm { "video/webm" } else { "application/octet-stream" }
}

/// By the first packet of the first stream (RFC 3533, section 6; RFC 5334, section 10).
fn ogg(bytes: &[u8]) -> &'static str {
    let segments = bytes.get(26).copied().map_or(0, usize::from);
    match bytes.get(27 + segments..) {
        Some([b'O', b'p', b'u', b's', b'H', b'e', b'a', b'd', ..]) => "audio/ogg",
        Some([1, b'v', b'o', b'r', b'b', b'i', b's', ..]) => "audio/ogg",
        Some([0x7f, b'F', b'L', b'A', b'C', ..]) => "audio/ogg",
        Some([0x80, b't', b'h', b'e', b'o', b'r', b'a', ..]) => "video/ogg",
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
    fn only_four_kinds_are_pictures_and_documents_are_nothing() {
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
            (b" \x89PNG\r\n\x1a\n".to_vec(), "application/octet-stream"),
            (b"GIF88a".to_vec(), "application/octet-stream"),
            (Vec::new(), "application/octet-stream"),
        ] {
            assert_eq!(sniff(&bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn films_and_sounds_are_known_by_their_containers() {
        let ogg = |packet: &[u8]| [b"OggS\0\x02".as_slice(), &[0; 20], &[1, 30], packet].concat();
        let mp4 = |brand: &[u8; 4]| [b"\0\0\0\x20ftyp".as_slice(), brand, &[0; 20]].concat();
        let matroska = |kind: &[u8]| [b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01".as_slice(), kind, &[0; 20]].concat();
        for (bytes, expected) in [
            (b"RIFF\0\0\0\0WAVEfmt ".to_vec(), "audio/wav"),
            (ogg(b"OpusHead\x01"), "audio/ogg"),
            (ogg(b"\x01vorbis"), "audio/ogg"),
            (ogg(b"\x7fFLAC"), "audio/ogg"),
            (ogg(b"\x80theora"), "video/ogg"),
            (ogg(b"Speex   "), "application/octet-stream"),
            (b"OggS".to_vec(), "application/octet-stream"),
            (b"fLaC\0".to_vec(), "audio/flac"),
            (b"ID3\x04\0".to_vec(), "audio/mpeg"),
            (b"\xff\xfb\x90\x44".to_vec(), "audio/mpeg"),
            (b"\xff\xfb\xf0\x44".to_vec(), "application/octet-stream"),
            (b"\xff\xf1\x50\x80".to_vec(), "audio/aac"),
            (mp4(b"isom"), "video/mp4"),
            (mp4(b"mp42"), "video/mp4"),
            (mp4(b"M4A "), "audio/mp4"),
            (mp4(b"heic"), "application/octet-stream"),
            (mp4(b"avif"), "application/octet-stream"),
            (matroska(b"\x42\x82\x84webm"), "video/webm"),
            (matroska(b"\x42\x82\x88matroska"), "application/octet-stream"),
            (b"#EXTM3U\nhttp://elsewhere.example/a.ts".to_vec(), "application/octet-stream"),
            (b"<smil><video src='http://elsewhere.example'/></smil>".to_vec(), "application/octet-stream"),
        ] {
            assert_eq!(sniff(&bytes), expected, "{bytes:?}");
            assert_eq!(is_played(sniff(&bytes)), expected != "application/octet-stream");
        }
        assert!(!is_played("image/png") && !is_played("text/html"));
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
