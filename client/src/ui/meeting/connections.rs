//! The panel about the connections: how data reach each of the others, and how fast.

use std::rc::Rc;

use tincan_session::{Meeting, PeerConnectionId};
use yew::prelude::*;

use crate::browser::{Picture, Statistics, element_by_id};
use crate::ui::catalogue::Catalogue;
use crate::ui::context::page::use_page;
use crate::ui::parts::button::icon_button;
use crate::ui::parts::effect::{end_of, use_effect_on};
use crate::ui::parts::icon::Glyph;

/// Shown for what is not known.
const UNKNOWN: &str = "–";

#[derive(Properties, PartialEq)]
pub(super) struct ConnectionsProps {
    pub(super) meeting: Rc<Meeting>,
    pub(super) onclose: Callback<MouseEvent>,
}

/// Shows a card for each connection. The figures go straight into their elements once a second, and the page
/// isn't drawn anew for them.
#[component]
pub(super) fn Connections(props: &ConnectionsProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    {
        let monitor = page.handle.monitor().clone();
        use_effect_on((), move || {
            end_of(monitor.watch_statistics(move |statistics| write(statistics, texts)))
        });
    }
    let rows = [texts.path, texts.round_trip, texts.lost, texts.bitrate, texts.camera, texts.screen];
    let connected =
        props.meeting.others.iter().filter_map(|other| Some((other.peer_connection?, &other.name)));
    let cards = connected.map(|(id, name)| {
        let rows = rows.iter().enumerate().map(|(row, title)| {
            html! { <><dt>{ *title }</dt><dd id={figure_id(id, row)}>{ UNKNOWN }</dd></> }
        });
        html! {
            <article key={id.0} class="connection-card">
                <h3><bdi>{ name.clone() }</bdi></h3>
                <dl class="figures">{ for rows }</dl>
            </article>
        }
    });
    html! {
        <section class="panel" aria-label={texts.connections}>
            <header class="dialog__top">
                <h2 class="dialog__title">{ texts.connections }</h2>
                { icon_button(Glyph::Cross, texts.close, props.onclose.clone()) }
            </header>
            <p class="hint">{ texts.each_way }</p>
            { for cards }
        </section>
    }
}

/// Writes the figures of each connection into the card's elements.
fn write(statistics: &[(PeerConnectionId, Statistics)], texts: &Catalogue) {
    for (id, statistics) in statistics {
        for (row, figure) in figures(statistics, texts).into_iter().enumerate() {
            if let Some(element) = element_by_id(&figure_id(*id, row)) {
                element.set_text_content(Some(&figure));
            }
        }
    }
}

/// The id of the element that shows one figure.
fn figure_id(id: PeerConnectionId, row: usize) -> String {
    ["figure", &id.0.to_string(), "-", &row.to_string()].concat()
}

/// Returns what the rows say, in their order.
fn figures(statistics: &Statistics, texts: &Catalogue) -> [String; 6] {
    let path = match statistics.relayed {
        Some(true) => texts.relayed,
        Some(false) => texts.direct,
        None => UNKNOWN,
    };
    let both = |incoming: String, outgoing: String| [&*incoming, "  ↓   ", &outgoing, "  ↑"].concat();
    let Statistics { pictures_in, pictures_out, .. } = statistics;
    [
        path.to_owned(),
        number(statistics.round_trip_ms, " ms"),
        both(percent(statistics.lost_in), percent(statistics.lost_out)),
        both(
            number(thousands(statistics.bits_in), " kbit/s"),
            number(thousands(statistics.bits_out), " kbit/s"),
        ),
        both(picture(pictures_in[0]), picture(pictures_out[0])),
        both(picture(pictures_in[1]), picture(pictures_out[1])),
    ]
}

fn thousands(bits: Option<f64>) -> Option<f64> {
    bits.map(|bits| bits / 1000.0)
}

fn number(value: Option<f64>, unit: &str) -> String {
    // As a whole number: what prints fractions weighs more than they are worth.
    value.map_or_else(|| UNKNOWN.to_owned(), |value| [&(value.round() as u32).to_string(), unit].concat())
}

fn percent(part: Option<f64>) -> String {
    number(part.map(|part| part * 100.0), " %")
}

fn picture(picture: Option<Picture>) -> String {
    let Some(Picture { width, height, per_second }) = picture else { return UNKNOWN.to_owned() };
    let number = |value: u32| value.to_string();
    [&*number(width), "×", &number(height), ", ", &number(per_second.round() as u32), "/s"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::catalogue::Language;

    #[test]
    fn what_is_not_known_is_not_made_up() {
        let texts = Language::English.catalogue();
        let figures = figures(&Statistics::default(), texts);
        assert_eq!(figures[0], "–");
        assert_eq!(figures[3], "–  ↓   –  ↑");
    }

    #[test]
    fn figures_are_short() {
        let texts = Language::English.catalogue();
        let shown = Some(Picture { width: 640, height: 480, per_second: 29.6 });
        let statistics = Statistics {
            relayed: Some(false),
            round_trip_ms: Some(12.4),
            lost_in: Some(0.051),
            lost_out: Some(0.0),
            bits_in: Some(812_345.0),
            bits_out: None,
            pictures_in: [shown, None],
            pictures_out: [None, None],
        };
        let figures = figures(&statistics, texts);
        assert_eq!(figures[1], "12 ms");
        assert_eq!(figures[2], "5 %  ↓   0 %  ↑");
        assert_eq!(figures[3], "812 kbit/s  ↓   –  ↑");
        assert_eq!(figures[4], "640×480, 30/s  ↓   –  ↑");
    }
}
