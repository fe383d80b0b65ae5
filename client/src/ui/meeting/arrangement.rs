//! Which pictures there are, and which of them is big.

use tincan_session::{DeviceView, Meeting, PeerConnectionId, PictureSize, Shown};

use super::visibility::Visibility;

/// Identifies one picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TileKey {
    /// Whose it is. Empty for the user's own.
    pub(super) address: String,
    /// Whether it shows the screen; otherwise it shows the camera.
    pub(super) screen: bool,
}

/// What the user has chosen to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// Nothing yet: the screen that somebody shows is big.
    Unmade,
    /// Everybody alike, although these screens were shown. One that begins later is big.
    Everybody { despite: Vec<TileKey> },
    /// This one is big.
    Big(TileKey),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arrangement {
    /// Every picture: those of others first, in the order in which they came.
    pub(super) tiles: Vec<TileKey>,
    /// The one that is big. The others are a strip beneath it.
    pub(super) big: Option<TileKey>,
    /// The one other person, if there is one, fills the stage, and the user is in a corner of it.
    pub(super) pair: bool,
}

impl Arrangement {
    pub(super) fn of(meeting: &Meeting, choice: &Choice) -> Arrangement {
        let mut tiles = Vec::new();
        let mut add = |address: &str, screen| tiles.push(TileKey { address: address.to_owned(), screen });
        for other in &meeting.others {
            add(&other.address, false);
            if other.remote.screen && other.peer_connection.is_some() {
                add(&other.address, true);
            }
        }
        let own_screen = matches!(meeting.local.screen, DeviceView::On { .. } | DeviceView::Muted { .. });
        add("", false);
        if own_screen {
            add("", true);
        }

        let screens = || tiles.iter().filter(|tile| tile.screen && !tile.address.is_empty());
        let big = match choice {
            Choice::Big(tile) if tiles.contains(tile) => Some(tile),
            Choice::Everybody { despite } => screens().find(|screen| !despite.contains(screen)),
            Choice::Big(_) | Choice::Unmade => screens().next(),
        };
        let pair = big.is_none() && tiles.len() <= 2 && !own_screen;
        Arrangement { big: big.cloned(), pair, tiles }
    }

    /// Returns the choice to see everybody alike from now on.
    pub(super) fn everybody(&self) -> Choice {
        Choice::Everybody { despite: self.tiles.iter().filter(|tile| tile.screen).cloned().collect() }
    }

    /// Returns how large the page shows each picture of the others.
    pub(super) fn shown(&self, meeting: &Meeting, visibility: &Visibility) -> Vec<Shown> {
        let size = |address: &str, id, screen| {
            let large = match &self.big {
                Some(big) => big.address == address && big.screen == screen,
                None => screen || meeting.others.len() <= 2,
            };
            if visibility.in_picture.as_ref() == Some(&tile_id(id, screen)) {
                return PictureSize::Large;
            }
            visibility.at_most.min(if large { PictureSize::Large } else { PictureSize::Small })
        };
        let others = meeting.others.iter().filter_map(|other| Some((other, other.peer_connection?)));
        let shown = others.map(|(other, id)| Shown {
            peer_connection: id,
            camera: size(&other.address, id, false),
            screen: size(&other.address, id, true),
        });
        shown.collect()
    }
}

/// Returns the id of the element that shows this picture of somebody else.
pub(super) fn tile_id(id: PeerConnectionId, screen: bool) -> String {
    [if screen { "screen" } else { "tile" }, &id.0.to_string()].concat()
}

#[cfg(test)]
mod tests {
    use super::super::examples::room;
    use super::*;

    fn tile(address: &str, screen: bool) -> TileKey {
        TileKey { address: address.to_owned(), screen }
    }

    #[test]
    fn two_are_a_pair_and_more_are_a_grid() {
        for (others, pair) in [(0, true), (1, true), (2, false), (7, false)] {
            let arrangement = Arrangement::of(&room(others), &Choice::Unmade);
            assert_eq!((arrangement.pair, arrangement.tiles.len()), (pair, others as usize + 1));
        }
    }

    #[test]
    fn a_screen_is_big_until_the_user_says_otherwise() {
        let mut room = room(3);
        room.others[1].remote.screen = true;
        let begun = Arrangement::of(&room, &Choice::Unmade);
        assert_eq!(begun.big, Some(tile("2", true)));
        let everybody = begun.everybody();
        assert_eq!(Arrangement::of(&room, &everybody).big, None);
        room.others[0].remote.screen = true;
        assert_eq!(Arrangement::of(&room, &everybody).big, Some(tile("1", true)));
        let chosen = Choice::Big(tile("3", false));
        assert_eq!(Arrangement::of(&room, &chosen).big, Some(tile("3", false)));
        room.others.pop();
        assert_eq!(Arrangement::of(&room, &chosen).big, Some(tile("1", true)));
    }

    #[test]
    fn what_is_small_or_out_of_sight_is_asked_for_no_larger() {
        use PictureSize::{Large, None as Nothing, Small};
        let sizes = |others, choice: &Choice, at_most, in_picture: Option<&str>| {
            let room = room(others);
            let visibility = Visibility { at_most, in_picture: in_picture.map(str::to_owned) };
            let shown = Arrangement::of(&room, choice).shown(&room, &visibility);
            shown.into_iter().map(|shown| shown.camera).collect::<Vec<_>>()
        };
        assert_eq!(sizes(2, &Choice::Unmade, Large, None), [Large; 2]);
        assert_eq!(sizes(3, &Choice::Unmade, Large, None), [Small; 3]);
        assert_eq!(sizes(3, &Choice::Big(tile("2", false)), Large, None), [Small, Large, Small]);
        assert_eq!(sizes(3, &Choice::Unmade, Nothing, Some("tile3")), [Nothing, Nothing, Large]);
    }
}
