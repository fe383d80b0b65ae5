//! Two cans and a string, the picture that the product is known by; and initials.

use yew::prelude::*;

/// Draws the logo.
pub(crate) fn logo() -> Html {
    html! {
        <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <path class="cans__string" d="M9 21c3 9 11 9 14 0" />
            <rect class="cans__near" x="1" y="5" width="13" height="16" rx="3" />
            <rect class="cans__far" x="18" y="5" width="13" height="16" rx="3" />
            <path class="cans__rib" d="M1 10.3h13M1 15.7h13M18 10.3h13M18 15.7h13" />
        </svg>
    }
}

/// Draws two cans with a string between them. The far one has the initial of `peer`, unless that is empty.
/// While it is `ringing`, the string trembles.
pub(crate) fn cans(ringing: bool, peer: &str) -> Html {
    html! {
        <svg class={if ringing { "cans cans--ringing" } else { "cans" }} viewBox="0 0 320 130"
            aria-hidden="true" focusable="false">
            <path class="cans__string" d="M76 62C120 108 200 108 244 62" />
            <g transform="rotate(-10 48 58)">
                <rect class="cans__near" x="14" y="28" width="62" height="64" rx="9" />
                <path class="cans__rib" d="M32 28v64M44 28v64M56 28v64" />
                <ellipse class="cans__near" cx="16" cy="60" rx="9" ry="31" />
                <ellipse class="cans__mouth" cx="16" cy="60" rx="9" ry="31" />
                <circle class="cans__knot" cx="76" cy="60" r="4" />
            </g>
            <g transform="rotate(10 272 58)">
                <rect class="cans__far" x="244" y="28" width="62" height="64" rx="9" />
                <path class="cans__rib" d="M264 28v64M276 28v64M288 28v64" />
                <ellipse class="cans__far" cx="304" cy="60" rx="9" ry="31" />
                <ellipse class="cans__mouth" cx="304" cy="60" rx="9" ry="31" />
                <circle class="cans__knot" cx="244" cy="60" r="4" />
                if !peer.is_empty() {
                    <circle class="cans__label" cx="274" cy="60" r="19" />
                    <text class="cans__initial" x="274" y="67" text-anchor="middle">{ initial(peer) }</text>
                }
            </g>
        </svg>
    }
}

/// Returns the first letter of a name, with whatever belongs to it. The style sheet shows it in upper case.
pub(crate) fn initial(name: &str) -> String {
    /// Returns whether a character belongs to the letter before it: accents, joiners, variants, skin tones.
    fn goes_on(c: &char) -> bool {
        matches!(*c as u32, 0x300..=0x36F | 0x200D | 0xFE00..=0xFE0F | 0x1F3FB..=0x1F3FF)
    }

    let mut letters = name.chars().peekable();
    let mut initial: String = letters.next().into_iter().collect();
    while let Some(letter) = letters.next_if(goes_on) {
        initial.push(letter);
        if letter == '\u{200D}' {
            initial.extend(letters.next());
        }
    }
    initial
}

#[cfg(test)]
mod tests {
    use super::initial;

    #[test]
    fn an_initial_is_one_whole_letter() {
        for (name, letter) in [
            ("anna", "a"),
            ("李雷", "李"),
            ("e\u{301}mile", "e\u{301}"),
            ("👩‍🚀 Mae", "👩‍🚀"),
            ("👍🏽x", "👍🏽"),
            ("", ""),
        ] {
            assert_eq!(initial(name), letter, "{name}");
        }
    }
}
