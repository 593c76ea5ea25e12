//! Texts and JSON in fewer bytes: zstd with a dictionary, without the parts of its frame that are always the same.
//!
//! **Invariant:** a dictionary that was released is never changed and never removed; a better one has the next number.
//! **Invariant:** reading is total and bounded: one block, of 128 KiB at most (zstd, RFC 8878, section 3.1.1.2), whatever a
//! damaged file says.
//!
//! The dictionary's text is pieces of JSON as the Matrix spec has it, written by hand, what is used most at its end. Its
//! tables (how often each letter comes) were counted by zstd's own `ZDICT_finalizeDictionary` over made-up contents whose
//! texts are the messages of an editor, translated into fifteen languages: no text of the benchmarks, no chats of anybody.
//!
//! Refused: training on contents (it learns names and words of those whose they were), deflate with a preset dictionary
//! (as small, several times slower to write), levels below 6 (a few microseconds less for each message, and a twentieth
//! more room) and above it (they save nothing).

use std::cell::RefCell;
use std::io;
use std::sync::LazyLock;

use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

/// The number of the dictionary that is written with.
pub(super) const DICTIONARY: u8 = 1;
const BYTES: &[u8] = include_bytes!("dictionary_1.bin");
const LEVEL: i32 = 6;
/// Bytes that one block comes to at most.
const BLOCK: usize = 128 * 1024;

/// How a frame begins: the magic number, and a header without anything in it.
const BEGIN: [u8; 5] = [0x28, 0xb5, 0x2f, 0xfd, 0];
/// A window of a block's size (RFC 8878, section 3.1.1.1.2).
const WINDOW: u8 = 7 << 3;
/// A block's header: the last one, compressed; its length is above these bits.
const LAST_COMPRESSED: usize = 0b101;

static PREPARED: LazyLock<(EncoderDictionary<'static>, DecoderDictionary<'static>)> =
    LazyLock::new(|| (EncoderDictionary::copy(BYTES, LEVEL), DecoderDictionary::copy(BYTES)));

thread_local! {
    /// Made once for each thread: that takes longer than a message.
    static TOOLS: RefCell<Option<Tools>> = const { RefCell::new(None) };
}

struct Tools {
    compressor: Compressor<'static>,
    decompressor: Decompressor<'static>,
    buffer: Vec<u8>,
}

impl Tools {
    fn new() -> io::Result<Self> {
        let mut compressor = Compressor::with_prepared_dictionary(&PREPARED.0)?;
        compressor.include_contentsize(false)?;
        compressor.include_checksum(false)?;
        compressor.include_dictid(false)?;
        let decompressor = Decompressor::with_prepared_dictionary(&PREPARED.1)?;
        Ok(Self { compressor, decompressor, buffer: Vec::with_capacity(BLOCK) })
    }
}

fn with_tools<T>(work: impl FnOnce(&mut Tools) -> Option<T>) -> Option<T> {
    TOOLS.with_borrow_mut(|tools| {
        if tools.is_none() {
            *tools = Tools::new().ok();
        }
        work(tools.as_mut()?)
    })
}

/// A text as a block of zstd; `None` where it is too long for one, or cannot be made smaller.
pub(super) fn squeeze(text: &[u8]) -> Option<Vec<u8>> {
    let frame = with_tools(|tools| tools.compressor.compress(text).ok())?;
    let ([_window, one, two, three], block) = frame.strip_prefix(&BEGIN)?.split_first_chunk()?;
    (header(block.len())? == [*one, *two, *three]).then(|| block.to_vec())
}

/// The text of a block; `None` for what is none.
pub(super) fn unsqueeze(dictionary: u8, block: &[u8]) -> Option<String> {
    if dictionary != DICTIONARY || block.len() > BLOCK {
        return None;
    }
    let frame = [BEGIN.as_slice(), &[WINDOW], &header(block.len())?, block].concat();
    with_tools(|tools| {
        tools.buffer.clear();
        tools.decompressor.decompress_to_buffer(&frame, &mut tools.buffer).ok()?;
        std::str::from_utf8(&tools.buffer).ok().map(str::to_owned)
    })
}

/// The header of the only block.
fn header(length: usize) -> Option<[u8; 3]> {
    let [one, two, three, 0] = u32::try_from(length << 3 | LAST_COMPRESSED).ok()?.to_le_bytes() else { return None };
    Some([one, two, three])
}
