//! What the people of a ferry company photograph.

use super::{Colour, Picture, hex};

const WHITE: Colour = hex(0xf3f1ec);
const HULL: Colour = hex(0x0e4a5a);
const DARK: Colour = hex(0x16222a);
const ORANGE: Colour = hex(0xf0862e);
const YELLOW: Colour = hex(0xf2c14e);

fn hills(picture: &mut Picture, colour: Colour, base: f32, heights: &[f32]) {
    let reach = picture.reach() + 4.0;
    let step = 2.0 * reach / (heights.len().max(2) - 1) as f32;
    let mut points = vec![(-reach, base)];
    points.extend(heights.iter().enumerate().map(|(at, height)| (-reach + step * at as f32, base - height)));
    points.push((reach, base));
    picture.shape(colour, &points);
}

/// A ferry on calm water, early.
pub(crate) fn ferry_at_sunrise(width: u32, height: u32) -> Picture {
    let mut picture = Picture::new(width, height);
    picture.band(0.0, 58.0, hex(0x5d8fb0), hex(0xf7cf9a));
    picture.glow(hex(0xfff0c8), (-22.0, 46.0), 46.0, 0.95);
    picture.disc(hex(0xfff6dc), (-22.0, 46.0), 6.0);
    hills(&mut picture, hex(0x7f93a4), 58.0, &[3.0, 9.0, 14.0, 8.0, 11.0, 19.0, 12.0, 15.0, 7.0, 4.0]);
    hills(&mut picture, hex(0x5f7688), 58.0, &[0.0, 4.0, 3.0, 7.0, 2.0, 5.0, 10.0, 8.0, 3.0, 6.0]);
    picture.band(58.0, 100.0, hex(0xd9b795), hex(0x1f4f63));
    picture.glow(hex(0xffe6b4), (-22.0, 62.0), 30.0, 0.7);
    picture.ripples(hex(0xfff0d4), 58.5, 0.5);
    picture.ripples(hex(0x12384a), 62.0, 0.35);
    // The hull, the white decks with their windows, the funnel.
    picture.shape(HULL, &[(-30.0, 60.0), (38.0, 60.0), (33.0, 71.0), (-24.0, 71.0)]);
    picture.block(hex(0xc94f3a), (-26.6, 69.0), 60.6, 2.0);
    picture.shape(WHITE, &[(-24.0, 60.0), (-21.0, 50.0), (32.0, 50.0), (34.0, 60.0)]);
    picture.shape(hex(0xe4e1da), &[(-16.0, 50.0), (-13.0, 42.0), (24.0, 42.0), (26.0, 50.0)]);
    picture.shape(WHITE, &[(-12.0, 42.0), (-9.0, 36.0), (4.0, 36.0), (5.0, 42.0)]);
    picture.block(HULL, (14.0, 33.0), 6.0, 9.0);
    picture.block(ORANGE, (14.0, 35.5), 6.0, 2.2);
    for window in 0_u8..14 {
        let x = -19.0 + 3.6 * f32::from(window);
        picture.block(hex(0x2f4b5a), (x, 53.2), 2.2, 2.4);
        if window < 9 {
            picture.block(hex(0x2f4b5a), (x + 6.5, 44.6), 2.2, 2.2);
        }
    }
    picture.block(hex(0x2f4b5a), (-9.8, 37.6), 13.4, 2.0);
    picture.stroke(DARK, (-4.0, 36.0), (-4.0, 27.0), 0.6);
    picture.ripples(hex(0xf2dcc0), 71.5, 0.25);
    picture
}

/// The bow door is open, the ramp is down, somebody in orange waits beside it.
pub(crate) fn ramp_down(width: u32, height: u32) -> Picture {
    let mut picture = Picture::new(width, height);
    let reach = picture.reach();
    picture.band(0.0, 46.0, hex(0x7f97ab), hex(0xe9c9a0));
    picture.glow(hex(0xffe9c0), (-reach * 0.55, 36.0), 34.0, 0.9);
    hills(&mut picture, hex(0x8596a2), 46.0, &[2.0, 6.0, 4.0, 9.0, 5.0, 3.0, 6.0]);
    picture.band(46.0, 100.0, hex(0x9fb0b8), hex(0x2c4a58));
    picture.ripples(hex(0xf4dfc2), 47.0, 0.4);
    // The bow.
    picture.shape(WHITE, &[(-26.0, 4.0), (52.0, 4.0), (58.0, 60.0), (-30.0, 60.0)]);
    picture.shape(HULL, &[(-28.4, 36.0), (55.4, 36.0), (58.0, 60.0), (-30.0, 60.0)]);
    for window in 0_u8..9 {
        picture.block(hex(0x33444e), (-19.0 + 7.4 * f32::from(window), 10.0), 4.6, 4.0);
    }
    picture.block(DARK, (-14.0, 22.0), 54.0, 38.0);
    picture.block(hex(0x2b3a41), (-10.0, 26.0), 46.0, 26.0);
    for lamp in 0_u8..4 {
        picture.block(hex(0xffe2a8), (-5.0 + 10.5 * f32::from(lamp), 28.0), 4.5, 1.4);
        picture.glow(hex(0xffdf9c), (-3.0 + 10.5 * f32::from(lamp), 30.0), 9.0, 0.45);
    }
    // The ramp, with its plates and its yellow edges.
    picture.shape(hex(0x6b7378), &[(-14.0, 56.0), (40.0, 56.0), (62.0, 101.0), (-40.0, 101.0)]);
    for plate in 0_u8..9 {
        let share = f32::from(plate * plate) / 81.0;
        let (y, left, right) = (57.0 + 44.0 * share, -14.5 - 26.0 * share, 40.5 + 21.5 * share);
        picture.stroke(hex(0x555d62), (left, y), (right, y), 0.4 + 0.5 * share);
    }
    picture.shape(hex(0x8b9093), &[(10.0, 56.0), (16.0, 56.0), (17.0, 101.0), (5.0, 101.0)]);
    picture.shape(YELLOW, &[(-14.0, 56.0), (-11.0, 56.0), (-34.0, 101.0), (-40.0, 101.0)]);
    picture.shape(YELLOW, &[(37.0, 56.0), (40.0, 56.0), (62.0, 101.0), (56.0, 101.0)]);
    for mark in 0_u8..5 {
        let share = f32::from(mark) / 5.0;
        let (y, left, right) = (58.0 + 43.0 * share, -13.0 - 25.0 * share, 38.0 + 21.0 * share);
        picture.shape(DARK, &[(left - 1.5, y + 4.0), (left, y), (left + 3.0, y), (left + 1.0, y + 4.0)]);
        picture.shape(DARK, &[(right, y), (right + 2.6, y), (right + 4.8, y + 4.0), (right + 2.0, y + 4.0)]);
    }
    // The person.
    picture.block(DARK, (-37.0, 74.0), 2.4, 10.0);
    picture.block(DARK, (-33.6, 74.0), 2.4, 10.0);
    picture.shape(ORANGE, &[(-38.0, 60.0), (-30.4, 60.0), (-30.0, 75.0), (-38.4, 75.0)]);
    picture.block(hex(0xf7f3c4), (-38.2, 66.0), 8.0, 1.6);
    picture.disc(hex(0xc99a76), (-34.2, 57.0), 2.6);
    picture.shape(WHITE, &[(-37.4, 56.4), (-36.4, 53.4), (-32.0, 53.4), (-31.0, 56.4)]);
    picture
}

/// Cranes and a bulk carrier against the last light.
pub(crate) fn cranes_at_dusk(width: u32, height: u32) -> Picture {
    let mut picture = Picture::new(width, height);
    picture.band(0.0, 70.0, hex(0x1f2c4a), hex(0xd9774a));
    picture.glow(hex(0xffc27a), (18.0, 68.0), 44.0, 0.85);
    picture.band(70.0, 100.0, hex(0x6b3f3a), hex(0x121a2a));
    picture.ripples(hex(0xf0a060), 71.0, 0.45);
    let black = hex(0x11141d);
    for (x, size) in [(-34.0, 1.0), (-6.0, 0.8)] {
        let up = |y: f32| 70.0 - y * size;
        picture.stroke(black, (x - 7.0 * size, 71.0), (x - 3.0 * size, up(42.0)), 1.4 * size);
        picture.stroke(black, (x + 7.0 * size, 71.0), (x + 3.0 * size, up(42.0)), 1.4 * size);
        picture.stroke(black, (x - 5.0 * size, up(22.0)), (x + 5.0 * size, up(22.0)), 1.2 * size);
        picture.stroke(black, (x - 18.0 * size, up(42.0)), (x + 30.0 * size, up(44.0)), 2.0 * size);
        picture.stroke(black, (x, up(42.0)), (x + 2.0 * size, up(56.0)), 1.4 * size);
        picture.stroke(black, (x + 2.0 * size, up(56.0)), (x + 29.0 * size, up(45.0)), 0.6 * size);
        picture.stroke(black, (x + 2.0 * size, up(56.0)), (x - 17.0 * size, up(43.0)), 0.6 * size);
        picture.stroke(black, (x + 22.0 * size, up(43.0)), (x + 22.0 * size, up(24.0)), 0.4 * size);
        picture.disc(hex(0xff5a4a), (x + 2.0 * size, up(57.0)), 0.9);
    }
    picture.shape(black, &[(14.0, 66.0), (58.0, 66.0), (54.0, 73.0), (18.0, 73.0)]);
    picture.block(black, (44.0, 54.0), 9.0, 13.0);
    for lamp in 0_u8..6 {
        let x = 18.0 + 5.0 * f32::from(lamp);
        picture.disc(hex(0xffe0a0), (x, 65.4), 0.5);
        picture.glow(hex(0xffc878), (x, 76.0), 3.0, 0.5);
    }
    picture
}

/// A tug with its bow wave.
pub(crate) fn tug(width: u32, height: u32) -> Picture {
    let mut picture = Picture::new(width, height);
    picture.band(0.0, 60.0, hex(0x8fb7c9), hex(0xdbe6e4));
    hills(&mut picture, hex(0x9db4b4), 60.0, &[4.0, 8.0, 5.0, 11.0, 7.0, 3.0]);
    picture.band(60.0, 100.0, hex(0x6f9aa8), hex(0x1d5062));
    picture.ripples(hex(0xe8f2f0), 61.0, 0.4);
    picture.shape(hex(0x8c2f2a), &[(-36.0, 56.0), (34.0, 60.0), (30.0, 72.0), (-28.0, 72.0)]);
    picture.block(DARK, (-34.0, 59.0), 66.0, 3.0);
    picture.shape(WHITE, &[(-18.0, 58.0), (-16.0, 42.0), (14.0, 42.0), (16.0, 59.0)]);
    picture.shape(hex(0xe6e0d2), &[(-12.0, 42.0), (-13.5, 28.0), (7.5, 28.0), (6.0, 42.0)]);
    picture.block(hex(0x2c4652), (-11.6, 31.0), 17.4, 6.0);
    picture.block(YELLOW, (9.0, 30.0), 6.0, 13.0);
    picture.block(DARK, (9.0, 30.0), 6.0, 3.0);
    picture.stroke(DARK, (-3.0, 28.0), (-3.0, 14.0), 0.9);
    for tyre in 0_u8..6 {
        picture.ring(hex(0x22282b), (-26.0 + 10.5 * f32::from(tyre), 66.0), 3.6, 1.8);
    }
    picture
        .shape(hex(0xf4f8f7), &[(-44.0, 74.0), (-30.0, 66.0), (-22.0, 72.0), (30.0, 72.0), (44.0, 76.0), (0.0, 76.0)]);
    picture
}

/// A bicycle against a wall.
pub(crate) fn bicycle(width: u32, height: u32) -> Picture {
    let mut picture = Picture::new(width, height);
    picture.band(0.0, 76.0, hex(0xf0b45a), hex(0xe39a3f));
    picture.band(76.0, 100.0, hex(0x8d8478), hex(0x6d655b));
    let frame = hex(0x0b6170);
    for x in [-24.0, 24.0] {
        picture.ring(DARK, (x, 64.0), 18.0, 2.6);
        for spoke in 0_u8..8 {
            let angle = f32::from(spoke) * std::f32::consts::FRAC_PI_8;
            let (sin, cos) = angle.sin_cos();
            picture.stroke(
                hex(0x5b5a55),
                (x - 15.0 * cos, 64.0 - 15.0 * sin),
                (x + 15.0 * cos, 64.0 + 15.0 * sin),
                0.4,
            );
        }
    }
    for (from, to) in [
        ((-24.0, 64.0), (-4.0, 64.0)),
        ((-24.0, 64.0), (-10.0, 40.0)),
        ((-10.0, 40.0), (-4.0, 64.0)),
        ((-10.0, 40.0), (17.0, 38.0)),
        ((-4.0, 64.0), (18.0, 40.0)),
        ((24.0, 64.0), (16.0, 32.0)),
        ((-10.0, 40.0), (-11.5, 34.0)),
    ] {
        picture.stroke(frame, from, to, 2.6);
    }
    picture.stroke(DARK, (-17.0, 33.0), (-6.0, 33.0), 3.4);
    picture.stroke(DARK, (10.0, 30.0), (19.0, 32.0), 2.2);
    picture.ring(DARK, (-4.0, 64.0), 4.6, 1.6);
    picture
}

/// A compass rose.
pub(crate) fn compass(width: u32, height: u32) -> Picture {
    let mut picture = Picture::new(width, height);
    picture.band(0.0, 100.0, hex(0x2d6d8a), hex(0x123c56));
    picture.ring(hex(0xdfe9ea), (0.0, 50.0), 36.0, 2.0);
    picture.ring(hex(0x9fc3cf), (0.0, 50.0), 30.0, 0.8);
    for point in 0_u8..8 {
        let long = if point % 2 == 0 { 33.0 } else { 18.0 };
        let angle = f32::from(point) * std::f32::consts::FRAC_PI_4;
        let place = |turn: f32, far: f32| (far * (angle + turn).sin(), 50.0 - far * (angle + turn).cos());
        let colour = if point == 0 { ORANGE } else { WHITE };
        picture.shape(colour, &[place(0.0, long), place(0.55, 7.0), (0.0, 50.0)]);
        picture.shape(hex(0xa9c4cc), &[place(0.0, long), place(-0.55, 7.0), (0.0, 50.0)]);
    }
    picture.disc(hex(0x123c56), (0.0, 50.0), 2.4);
    picture
}

/// The new departure boards above gate 2: lines of lit letters.
pub(crate) fn boards(width: u32, height: u32) -> Picture {
    let mut picture = Picture::new(width, height);
    let reach = picture.reach();
    picture.band(0.0, 100.0, hex(0x3d4a52), hex(0x252d33));
    picture.glow(hex(0xbfd4d8), (0.0, 2.0), 60.0, 0.35);
    picture.block(hex(0x10171b), (-reach * 0.82, 14.0), reach * 1.64, 62.0);
    picture.block(hex(0x0b6170), (-reach * 0.82, 14.0), reach * 1.64, 9.0);
    picture.block(WHITE, (-reach * 0.76, 16.8), 26.0, 3.4);
    let mut seed = 7_u32;
    for row in 0_u8..6 {
        let y = 28.0 + 7.8 * f32::from(row);
        let lit = if row == 2 { ORANGE } else { hex(0xf3d27a) };
        let mut x = -reach * 0.76;
        for column in 0_u8..34 {
            seed = seed.wrapping_mul(1_103_515_245).wrapping_add(12345);
            let gap = matches!(column, 5 | 6 | 19 | 20 | 26 | 27) || (7..19).contains(&column) && column > 11 + row % 5;
            if !gap && x < reach * 0.74 {
                picture.block(lit, (x, y), 2.2, 3.6);
                let notch = 0.8 + ((seed >> 16) % 3) as f32 * 0.7;
                picture.block(hex(0x10171b), (x + 0.7, y + notch), 0.9, 1.2);
            }
            x += reach * 1.5 / 34.0;
        }
        picture.glow(lit, (-reach * 0.3, y + 2.0), 14.0, 0.12);
    }
    picture.shape(hex(0x1b2226), &[(-reach, 101.0), (-reach, 88.0), (reach, 84.0), (reach, 101.0)]);
    for head in 0_u8..5 {
        let x = -reach * 0.7 + reach * 0.33 * f32::from(head);
        let y = 86.0 - f32::from(head % 3) * 2.0;
        picture.disc(hex(0x14191c), (x, y), 3.6);
        picture.shape(hex(0x14191c), &[(x - 7.0, 101.0), (x - 5.0, y + 4.0), (x + 5.0, y + 4.0), (x + 7.0, 101.0)]);
    }
    picture
}

/// A mooring rope around a bollard.
pub(crate) fn rope_on_quay(width: u32, height: u32) -> Picture {
    let mut picture = Picture::new(width, height);
    let reach = picture.reach();
    picture.band(0.0, 40.0, hex(0x9fc0cc), hex(0x5c8796));
    picture.ripples(hex(0xe6f0f0), 4.0, 0.35);
    picture.band(40.0, 100.0, hex(0x8e9090), hex(0x5f6162));
    picture.block(YELLOW, (-reach, 40.0), reach * 2.0, 4.0);
    picture.shape(hex(0x2a3034), &[(-14.0, 34.0), (14.0, 34.0), (10.0, 74.0), (-10.0, 74.0)]);
    picture.shape(hex(0x3b4449), &[(-20.0, 24.0), (20.0, 24.0), (16.0, 36.0), (-16.0, 36.0)]);
    picture.shape(hex(0x4d575d), &[(-18.0, 24.0), (18.0, 24.0), (12.0, 19.0), (-12.0, 19.0)]);
    for turn in 0_u8..4 {
        let y = 46.0 + 6.0 * f32::from(turn);
        picture.stroke(hex(0xd9b673), (-13.0, y), (13.0, y + 3.0), 5.0);
        picture.stroke(hex(0xb08d50), (-13.0, y + 2.2), (13.0, y + 5.2), 0.8);
    }
    picture.stroke(hex(0xd9b673), (11.0, 50.0), (reach + 4.0, 10.0), 5.0);
    picture.stroke(hex(0xb08d50), (11.0, 52.0), (reach + 4.0, 12.0), 0.9);
    for coil in 0_u8..4 {
        picture.ring(hex(0xcda965), (-reach * 0.55, 82.0), 15.0 - 3.6 * f32::from(coil), 3.0);
    }
    picture
}

/// A week of tides as a curve, with today marked.
pub(crate) fn tide_table(width: u32, height: u32) -> Picture {
    let mut picture = Picture::new(width, height);
    let reach = picture.reach();
    picture.band(0.0, 100.0, hex(0xf8f6f1), hex(0xf1eee6));
    picture.block(hex(0x0b6170), (-reach, 0.0), reach * 2.0, 12.0);
    picture.block(WHITE, (-reach + 5.0, 4.4), 38.0, 3.4);
    for line in 0_u8..5 {
        picture.block(hex(0xd8d4ca), (-reach + 6.0, 24.0 + 15.0 * f32::from(line)), reach * 2.0 - 12.0, 0.3);
    }
    picture.block(hex(0xfbe3cc), (-reach * 0.1, 18.0), reach * 0.26, 72.0);
    let height_at = |x: f32| 54.0 - 24.0 * (x * 0.36).sin() * (0.75 + 0.25 * (x * 0.03).cos());
    let mut x = -reach + 6.0;
    while x < reach - 6.0 {
        let next = x + 0.6;
        let water = hex(0xbcdfe8);
        picture.shape(water, &[(x, height_at(x)), (next, height_at(next)), (next, 90.0), (x, 90.0)]);
        picture.stroke(hex(0x0b6170), (x, height_at(x)), (next + 0.2, height_at(next + 0.2)), 1.1);
        x = next;
    }
    picture.disc(ORANGE, (reach * 0.03, height_at(reach * 0.03)), 2.2);
    picture
}
