//! The harness of the end-to-end tests: real browsers, driven as a user would, against the real server.
//!
//! The harness finds things on the page by the role and the name that the browser itself computes for
//! assistive technology (WebDriver's "Get Computed Role" and "Get Computed Label"). Nothing waits for time,
//! everything waits for a condition. A condition that doesn't come true in time panics and says what was on
//! the page instead.
//!
//! | folder | what lives there |
//! | --- | --- |
//! | `browser/` | starting and ending a browser of one user |
//! | `page/` | the open page: elements by role and name, keys, waiting, the report of a failure |
//! | `network/` | networks of namespaces, between browsers that are in one each |
//! | `lab/` | calls across these networks: the scenarios, what each has to show, and what it has shown |
//! | `faults/` | what breaks while people are connected across these networks, likewise |
//! | `people/` | what users do in most tests, in one line each |
//! | `media/`, `files/` | what arrives: pictures, sound, files |
//! | `probe/` | the script in the page that watches what the page takes from the browser |
//! | `server/` | the server's process, the network to it, which tests run beside each other |
//! | `tutorial/` | clients of the classic WebRTC tutorials |

mod authority;
mod browser;
mod faults;
mod files;
mod lab;
mod media;
mod network;
mod page;
mod people;
mod probe;
mod record;
mod scenarios;
mod server;
mod tutorial;
mod wait;

pub use browser::{Addresses, Browser, Devices, Options, Theme};
pub use faults::{FAULTS, FaultOutcome, FaultScenario, measure_fault, shown_faults};
pub use files::plain_channel;
pub use lab::{Media, Outcome, Path, SCENARIOS, Scenario, measure, shown};
pub use media::{Picture, Sent, each_with_each, everyone_meets_everyone, everyone_sees_everyone};
pub use network::{Family, Nat, Network, Outward, Place, Side, Topology, Way, remove_abandoned};
pub use page::{Element, Key, Page};
pub use people::{call, connect_by_text, meet, open_two, room_address, sign_in_two};
pub use probe::{Counts, DeviceFault, MediaKind};
pub use record::record;
pub use scenarios::try_all;
pub use server::{HttpProxy, ProxyFault, Server, TcpProxy};
pub use tutorial::{TutorialClient, TutorialPage};
pub use wait::{TIMEOUT, until};
