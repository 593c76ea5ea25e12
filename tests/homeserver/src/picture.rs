//! Small pictures of a harbour, painted here so that no photograph needs a licence.
//!
//! **Invariant:** the same call gives the same bytes.
//!
//! Coordinates: 100 units from top to bottom, and as much to either side of the middle (x = 0) as the shape allows.

mod scenes;

pub(crate) use scenes::{
    bicycle, boards, compass, cranes_at_dusk, ferry_at_sunrise, ramp_down, rope_on_quay, tide_table, tug,
};

/// Red, green and blue from 0 to 1.
pub(crate) type Colour = [f32; 3];

/// A place: x from the middle, y from the top.
pub(crate) type Point = (f32, f32);

/// A picture in progress.
pub(crate) struct Picture {
    width: u32,
    height: u32,
    pixels: Vec<Colour>,
}

/// A colour from its usual six digits.
pub(crate) const fn hex(rgb: u32) -> Colour {
    [(rgb >> 16 & 0xff) as f32 / 255.0, (rgb >> 8 & 0xff) as f32 / 255.0, (rgb & 0xff) as f32 / 255.0]
}

impl Picture {
    pub(crate) fn new(width: u32, height: u32) -> Self {
        let count = usize::try_from(width * height).unwrap_or(0);
        Self { width, height, pixels: vec![[0.0; 3]; count] }
    }

    pub(crate) fn width(&self) -> u32 {
        self.width
    }

    pub(crate) fn height(&self) -> u32 {
        self.height
    }

    /// How far it reaches to either side of the middle.
    pub(crate) fn reach(&self) -> f32 {
        50.0 * self.width as f32 / self.height as f32
    }

    fn scale(&self) -> f32 {
        self.height as f32 / 100.0
    }

    /// Mixes a colour into the pixels of a box, by the share that `cover` gives for a place.
    fn cover(&mut self, from: Point, to: Point, colour: Colour, cover: impl Fn(Point) -> f32) {
        let (scale, reach) = (self.scale(), self.reach());
        let bound = |value: f32, end: u32| value.clamp(0.0, end as f32) as u32;
        let columns =
            bound((from.0 + reach) * scale - 1.0, self.width)..bound((to.0 + reach) * scale + 2.0, self.width);
        for row in bound(from.1 * scale - 1.0, self.height)..bound(to.1 * scale + 2.0, self.height) {
            for column in columns.clone() {
                let place = (column as f32 / scale - reach, row as f32 / scale);
                let share = cover(place).clamp(0.0, 1.0);
                let index = usize::try_from(row * self.width + column).unwrap_or(usize::MAX);
                if let Some(pixel) = self.pixels.get_mut(index) {
                    *pixel = mix(*pixel, colour, share);
                }
            }
        }
    }

    /// A band over the whole width that goes from one colour to another.
    pub(crate) fn band(&mut self, top: f32, bottom: f32, above: Colour, below: Colour) {
        let reach = self.reach();
        self.cover((-reach, top), (reach, bottom), above, |(_, y)| if y >= top && y < bottom { 1.0 } else { 0.0 });
        self.cover((-reach, top), (reach, bottom), below, |(_, y)| {
            if y >= top && y < bottom { (y - top) / (bottom - top) } else { 0.0 }
        });
    }

    /// A shape with straight edges (even-odd rule), its edges smooth.
    pub(crate) fn shape(&mut self, colour: Colour, points: &[Point]) {
        let least = points.iter().fold((f32::MAX, f32::MAX), |least, at| (least.0.min(at.0), least.1.min(at.1)));
        let most = points.iter().fold((f32::MIN, f32::MIN), |most, at| (most.0.max(at.0), most.1.max(at.1)));
        let step = 1.0 / (3.0 * self.scale());
        self.cover(least, most, colour, |(x, y)| {
            let mut hits = 0.0;
            for sample in 0_u8..9 {
                let at = (x + f32::from(sample % 3) * step, y + f32::from(sample / 3) * step);
                if inside(at, points) {
                    hits += 1.0;
                }
            }
            hits / 9.0
        });
    }

    /// An upright box.
    pub(crate) fn block(&mut self, colour: Colour, (x, y): Point, width: f32, height: f32) {
        self.shape(colour, &[(x, y), (x + width, y), (x + width, y + height), (x, y + height)]);
    }

    /// A straight stroke.
    pub(crate) fn stroke(&mut self, colour: Colour, from: Point, to: Point, width: f32) {
        let (x, y) = (to.0 - from.0, to.1 - from.1);
        let long = x.hypot(y).max(0.001);
        let (x, y) = (-y / long * width / 2.0, x / long * width / 2.0);
        self.shape(
            colour,
            &[(from.0 + x, from.1 + y), (to.0 + x, to.1 + y), (to.0 - x, to.1 - y), (from.0 - x, from.1 - y)],
        );
    }

    /// A disc.
    pub(crate) fn disc(&mut self, colour: Colour, at: Point, radius: f32) {
        let scale = self.scale();
        self.cover((at.0 - radius, at.1 - radius), (at.0 + radius, at.1 + radius), colour, |(x, y)| {
            (radius - (x - at.0).hypot(y - at.1)) * scale + 0.5
        });
    }

    /// A ring; `radius` is that of its outer edge.
    pub(crate) fn ring(&mut self, colour: Colour, at: Point, radius: f32, width: f32) {
        let scale = self.scale();
        self.cover((at.0 - radius, at.1 - radius), (at.0 + radius, at.1 + radius), colour, |(x, y)| {
            let middle = radius - width / 2.0;
            (width / 2.0 - ((x - at.0).hypot(y - at.1) - middle).abs()) * scale + 0.5
        });
    }

    /// Light that fades with distance.
    pub(crate) fn glow(&mut self, colour: Colour, at: Point, radius: f32, strength: f32) {
        self.cover((at.0 - radius, at.1 - radius), (at.0 + radius, at.1 + radius), colour, |(x, y)| {
            let near = (1.0 - (x - at.0).hypot(y - at.1) / radius).max(0.0);
            strength * near * near
        });
    }

    /// Water: short level strokes that grow towards the front.
    pub(crate) fn ripples(&mut self, colour: Colour, top: f32, strength: f32) {
        let reach = self.reach();
        let mut seed = 0x2545_f491_u32;
        let mut random = || {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            (seed % 1000) as f32 / 1000.0
        };
        for _ in 0..260 {
            let depth = random();
            let y = top + (100.0 - top) * depth * depth;
            let x = (random() * 2.0 - 1.0) * reach;
            let (long, high) = (1.5 + 9.0 * depth * random(), 0.15 + 0.5 * depth);
            let share = strength * (0.3 + 0.7 * random());
            self.cover((x - long, y - high), (x + long, y + high), colour, |(px, py)| {
                let near = 1.0 - ((px - x) / long).powi(2) - ((py - y) / high).powi(2);
                share * near.clamp(0.0, 1.0)
            });
        }
    }

    /// The file.
    pub(crate) fn png(&self) -> Vec<u8> {
        let mut noise = 0x1234_5677_u32;
        let bytes: Vec<u8> = self
            .pixels
            .iter()
            .flatten()
            .map(|part| {
                // A little grain keeps wide skies from showing steps.
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let grain = (noise >> 24) as f32 / 255.0 - 0.5;
                (part * 255.0 + grain * 1.6 + 0.5).clamp(0.0, 255.0) as u8
            })
            .collect();
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        // Writing into memory fails only when the sizes disagree, which `new` rules out; no picture is then sent.
        let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&bytes));
        if written.is_ok() { file } else { Vec::new() }
    }
}

fn mix(from: Colour, to: Colour, share: f32) -> Colour {
    let [r, g, b] = from;
    let [red, green, blue] = to;
    [r + (red - r) * share, g + (green - g) * share, b + (blue - b) * share]
}

fn inside((x, y): Point, points: &[Point]) -> bool {
    let mut within = false;
    let mut before = points.last().copied().unwrap_or_default();
    for &at in points {
        if (at.1 > y) != (before.1 > y) && x < (before.0 - at.0) * (y - at.1) / (before.1 - at.1) + at.0 {
            within = !within;
        }
        before = at;
    }
    within
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_scene_is_a_png_of_its_size() {
        for scene in
            [bicycle, boards, compass, cranes_at_dusk, ferry_at_sunrise, ramp_down, rope_on_quay, tide_table, tug]
        {
            let bytes = scene(96, 64).png();
            let reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
            assert_eq!((reader.info().width, reader.info().height), (96, 64));
        }
    }
}
