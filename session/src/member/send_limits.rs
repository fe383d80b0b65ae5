//! How well pictures are sent: the more people there are, and the smaller they show it, the less.
//!
//! In a mesh everybody encodes every picture once for each of the others, so both the work and the upstream
//! grow with the number of people. The tables keep what one side sends of its camera to all together under
//! about 2 Mbit/s, and at six people under 1.5, with five encoders of 240 lines: what a weak machine and an
//! ADSL line bear.

use crate::device::PictureSize;
use crate::effect::SendLimits;

const NOTHING: SendLimits =
    SendLimits { active: false, max_height: 180, max_bitrate: 100_000, max_framerate: 15 };

const fn limits(max_height: u32, max_bitrate: u32, max_framerate: u32) -> SendLimits {
    SendLimits { active: true, max_height, max_bitrate, max_framerate }
}

/// For the camera, to one who shows it in `size`, when there are so many people, oneself included.
pub(crate) fn camera(people: usize, size: PictureSize) -> SendLimits {
    match (size, people) {
        (PictureSize::None, _) => NOTHING,
        (PictureSize::Large, ..=2) => limits(720, 2_000_000, 30),
        (PictureSize::Large, 3..=4) => limits(480, 900_000, 30),
        (PictureSize::Large, 5..=6) => limits(360, 500_000, 20),
        (PictureSize::Large, _) => limits(360, 400_000, 15),
        (PictureSize::Small, ..=2) => limits(360, 500_000, 30),
        (PictureSize::Small, 3..=4) => limits(360, 500_000, 24),
        (PictureSize::Small, 5..=6) => limits(240, 250_000, 20),
        (PictureSize::Small, _) => limits(180, 150_000, 15),
    }
}

/// For the screen, likewise: sharp before fast, since it is mostly text.
pub(crate) fn screen(people: usize, size: PictureSize) -> SendLimits {
    match (size, people) {
        (PictureSize::None, _) => NOTHING,
        (PictureSize::Large, ..=2) => limits(1440, 3_000_000, 30),
        (PictureSize::Large, 3..=4) => limits(1080, 1_500_000, 15),
        (PictureSize::Large, _) => limits(1080, 800_000, 10),
        (PictureSize::Small, _) => limits(360, 200_000, 5),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [PictureSize; 3] = [PictureSize::None, PictureSize::Small, PictureSize::Large];

    #[test]
    fn never_more_to_more_people_or_to_a_smaller_picture() {
        for rule in [camera, screen] {
            for people in 2..20 {
                for size in SIZES {
                    let (now, with_one_more) = (rule(people, size), rule(people + 1, size));
                    assert!(with_one_more.max_bitrate <= now.max_bitrate, "{people} {size:?}");
                    assert!(with_one_more.max_height <= now.max_height, "{people} {size:?}");
                    assert!(with_one_more.max_framerate <= now.max_framerate, "{people} {size:?}");
                }
                assert!(
                    rule(people, PictureSize::Small).max_bitrate
                        <= rule(people, PictureSize::Large).max_bitrate
                );
                assert!(!rule(people, PictureSize::None).active);
            }
        }
    }

    #[test]
    fn a_camera_in_a_grid_takes_no_more_than_2_mbit_of_the_upstream() {
        for people in 2..=8 {
            let each = camera(people, if people == 2 { PictureSize::Large } else { PictureSize::Small });
            let all = each.max_bitrate * (people as u32 - 1);
            assert!(all <= 2_000_000, "{people} people: {all}");
            assert!(people != 6 || all <= 1_500_000);
        }
    }
}
