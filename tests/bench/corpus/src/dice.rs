//! Chance that is the same each time.

/// A stream of numbers (SplitMix64: Steele, Lea, Flood 2014). A generator of our own, because the streams of library
/// generators change between versions.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The stream of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The stream that belongs to two numbers, whatever else was thrown.
    pub(crate) fn of(one: u64, other: u64) -> Self {
        let mut dice = Self(one.wrapping_mul(0xd6e8_feb8_6659_fd93) ^ other);
        dice.next();
        dice
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 when that is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (bound.max(1) as u64)).unwrap_or_default()
    }

    /// True so often in a hundred.
    pub fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    /// True so often in a thousand.
    pub(crate) fn permille(&mut self, share: usize) -> bool {
        self.below(1000) < share
    }

    /// A number in 0 to 1, never 0 itself.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a float has")]
    pub(crate) fn unit(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// A number of the log-normal distribution with this median and this spread (Box, Muller 1958).
    pub(crate) fn log_normal(&mut self, median: f64, spread: f64) -> f64 {
        let radius = (-2.0 * self.unit().ln()).sqrt();
        median * (spread * radius * (std::f64::consts::TAU * self.unit()).cos()).exp()
    }

    /// One of these.
    pub(crate) fn one<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        of.get(self.below(of.len())).copied()
    }

    /// One of these, the first far more often than the last.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "short lists"
    )]
    pub(crate) fn early<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        let point = self.unit();
        of.get((point * point * of.len() as f64) as usize).copied()
    }

    /// So many letters and digits of this alphabet.
    pub(crate) fn letters(&mut self, count: usize, alphabet: &[u8]) -> String {
        (0..count).filter_map(|_| self.one(alphabet)).map(char::from).collect()
    }

    /// Sixteen bytes as unpadded Base64: the last of 22 letters says two bits only.
    pub(crate) fn bytes_16(&mut self, alphabet: &[u8; 64]) -> String {
        self.bytes(21, alphabet, 16)
    }

    /// Thirty-two bytes, a hash or a key, as unpadded Base64: the last of 43 letters says four bits only.
    pub(crate) fn bytes_32(&mut self, alphabet: &[u8; 64]) -> String {
        self.bytes(42, alphabet, 4)
    }

    fn bytes(&mut self, letters: usize, alphabet: &[u8; 64], step: usize) -> String {
        let last: Vec<u8> = alphabet.iter().copied().step_by(step).collect();
        self.letters(letters, alphabet) + &self.letters(1, &last)
    }
}

/// The alphabet of unpadded, URL-safe Base64 (RFC 4648, section 5).
pub(crate) const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// The alphabet of plain Base64 (RFC 4648, section 4).
pub(crate) const PLAIN_BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Hexadecimal digits.
pub(crate) const HEX: &[u8; 16] = b"0123456789abcdef";
