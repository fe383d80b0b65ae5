//! Has people meet, breaks something, and measures what they notice.

use std::cell::Cell;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use tokio::time::sleep;

use super::outcome::FaultOutcome;
use super::scenarios::{Fault, FaultScenario, Meeting};
use crate::browser::{Browser, Devices, Options};
use crate::media::everyone_sees_everyone;
use crate::network::{Nat, Network, Side, Topology, Way};
use crate::page::Page;
use crate::people::call;
use crate::server::Server;
use crate::wait::until;

/// How long people may take to see each other again, before the scenario is given up.
const GIVES_UP: Duration = Duration::from_secs(60);
/// How long the last lines and the file may take after that.
const REST_COMES_WITHIN: Duration = Duration::from_secs(60);
const FILE_BYTES: u64 = 32_000_000;

/// Those who are connected, and how many lines each has written.
struct Party {
    network: Network,
    server: Server,
    people: Vec<Page>,
    written: Vec<Cell<usize>>,
}

/// Builds the network, has people meet across it, and breaks something. Where the seed is even, Bob has
/// Firefox in a call; it also says how long after all are connected it breaks.
///
/// # Panics
/// If the network can't be built, or they don't meet, or don't see each other again.
pub async fn measure_fault(scenario: &FaultScenario, seed: u64) -> FaultOutcome {
    let mut party = Party::meet(scenario.meeting, seed).await;
    let file = match scenario.meeting {
        Meeting::Room => None,
        Meeting::Call | Meeting::RelayedCall => Some(party.begins_a_file().await),
    };
    party.everybody_writes().await;
    sleep(Duration::from_millis(seed.wrapping_mul(2_654_435_761) % 2_000)).await;
    for (page, others) in party.each_with_others() {
        page.run(include_str!("faults.js"), vec![]).await;
        page.run("tincanFaults.watch(arguments[0]);", vec![json!(others)]).await;
    }
    party.breaks(scenario.fault).await;
    let healed = Instant::now();
    join_all(party.each_with_others().map(async |(page, others)| {
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        page.decodes_within(GIVES_UP, &others).await;
    }))
    .await;
    let back = healed.elapsed();
    party.everybody_writes().await;
    let mut outcome = FaultOutcome { back, ..FaultOutcome::default() };
    outcome.written = party.written.iter().map(Cell::get).sum();
    outcome.lines = party.wrong_lines(scenario.fault).await;
    outcome.gaps = party.gaps().await;
    if let Some(hash) = file {
        let anna = &party.people[0];
        let complete = async || anna.button("Save file").ask_now("return true;").await;
        let is_complete = until(REST_COMES_WITHIN, complete).await.is_some();
        outcome.file = Some(is_complete && anna.stored_files().await == [hash]);
    }
    outcome
}

impl Party {
    async fn meet(meeting: Meeting, seed: u64) -> Party {
        let way = Way::behind(Nat::EndpointIndependent);
        let network = Network::build(Topology::of(way, way), seed);
        let server = Server::start_in(&network).await;
        let is_room = meeting == Meeting::Room;
        let open = async |side: Side, browser: Browser| {
            let path = if is_room { "/r/phoenix" } else { "" };
            let address = Some(format!("{}{path}", network.url(side, browser)));
            let place = Some(network.place(side));
            let devices = if is_room { Devices::Slow } else { Devices::Fake };
            Page::open_with(&server, Options { address, place, devices, browser, ..Options::default() }).await
        };
        let people = if is_room {
            let open = |side| open(side, Browser::Chromium);
            let (anna, bob, cleo) = tokio::join!(open(Side::A), open(Side::B), open(Side::B));
            let people = vec![anna, bob, cleo];
            for (page, name) in people.iter().zip(["Anna", "Bob", "Cleo"]) {
                page.goes_in_as(name).await;
            }
            people
        } else {
            let bobs = if seed.is_multiple_of(2) { Browser::Firefox } else { Browser::Chromium };
            let (anna, bob) = tokio::join!(open(Side::A, Browser::Chromium), open(Side::B, bobs));
            if meeting == Meeting::RelayedCall {
                anna.hides_its_address().await;
            }
            tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
            call(&anna, &bob, "Video call", "Accept").await;
            vec![anna, bob]
        };
        everyone_sees_everyone(&people.iter().collect::<Vec<_>>()).await;
        let written = people.iter().map(|_| Cell::new(0)).collect();
        Party { network, server, people, written }
    }

    fn each_with_others(&self) -> impl Iterator<Item = (&Page, Vec<String>)> {
        self.people.iter().map(|page| {
            let others = self.people.iter().map(Page::name).filter(|name| *name != page.name());
            (page, others.collect())
        })
    }

    /// Bob sends Anna a file. Returns its hash once it is on its way.
    async fn begins_a_file(&self) -> String {
        let [anna, bob] = &self.people[..] else { panic!("two people") };
        let hash = bob.offers_file("whole.bin", FILE_BYTES).await;
        anna.button("Accept file").click().await;
        anna.button("Accept file").is_gone().await;
        hash
    }

    async fn writes(&self, number: usize) {
        let (page, written) = (&self.people[number], &self.written[number]);
        written.set(written.get() + 1);
        page.sends(&line(page, written.get())).await;
    }

    async fn everybody_writes(&self) {
        join_all((0..self.people.len()).map(|number| self.writes(number))).await;
    }

    /// Breaks it, and returns once what broke is whole again. Who can writes meanwhile.
    async fn breaks(&mut self, fault: Fault) {
        // A page that is loaded anew has to be asked first.
        if fault == Fault::Crash {
            self.people[0].will_crash().await;
        }
        if let Fault::ServerAway(time) = fault {
            self.server.kill().await;
            self.meanwhile(fault, sleep(time)).await;
            return self.server.start_again().await;
        }
        let strikes = async {
            let (network, anna) = (&self.network, &self.people[0]);
            match fault {
                Fault::Cut(time) => {
                    network.cut(Side::A);
                    sleep(time).await;
                    network.heal(Side::A);
                }
                Fault::BothCut(time) => {
                    network.cut(Side::A);
                    network.cut(Side::B);
                    sleep(time).await;
                    network.heal(Side::A);
                    network.heal(Side::B);
                }
                Fault::AddressChanges => network.change_address(Side::A),
                Fault::ServerAway(_) => {}
                Fault::ServerFrozen(time) => {
                    self.server.freeze();
                    sleep(time).await;
                    self.server.thaw();
                }
                Fault::Reload | Fault::Crash => anna.reload().await,
                Fault::BothReload => {
                    tokio::join!(anna.reload(), self.people[1].reload());
                }
                Fault::PageFrozen(time) => {
                    anna.is_frozen().await;
                    sleep(time).await;
                    anna.is_thawed().await;
                }
                Fault::Sleep(time) => anna.sleeps_for(time).await,
            }
        };
        self.meanwhile(fault, strikes).await;
    }

    /// Runs `event`, while those write who can.
    async fn meanwhile(&self, fault: Fault, event: impl Future<Output = ()>) {
        let over = Cell::new(false);
        // Of a long conversation, only the last lines are on the page.
        let every = Duration::from_secs(1).max(fault.lasts() / 8);
        let first = usize::from(fault.takes_her_page());
        let writers = if fault == Fault::BothReload { 2.. } else { first.. };
        let write = async {
            while !over.get() {
                for number in writers.clone().take_while(|number| *number < self.people.len()) {
                    self.writes(number).await;
                }
                sleep(every).await;
            }
        };
        let event = async {
            event.await;
            over.set(true);
        };
        tokio::join!(event, write);
    }

    /// Returns what is wrong with what each has of the others' lines. A page that was loaded anew has
    /// forgotten what it had before.
    async fn wrong_lines(&self, fault: Fault) -> Vec<String> {
        let mut wrong = Vec::new();
        for (number, reader) in self.people.iter().enumerate() {
            let reloads = match fault {
                Fault::Reload | Fault::Crash => number == 0,
                Fault::BothReload => number < 2,
                _ => false,
            };
            for (author, written) in self.people.iter().zip(&self.written) {
                if author.name() == reader.name() {
                    continue;
                }
                let all: Vec<String> = (1..=written.get()).map(|count| line(author, count)).collect();
                let there = async || {
                    let log = reader.log("Conversation").text().await;
                    let prefix = format!("{}-", author.name());
                    log.split_whitespace()
                        .filter(|word| word.starts_with(&prefix))
                        .map(str::to_owned)
                        .collect()
                };
                let is_right = |seen: &Vec<String>| {
                    if reloads { !seen.is_empty() && all.ends_with(seen) } else { *seen == all }
                };
                let right = until(REST_COMES_WITHIN, async || is_right(&there().await).then_some(())).await;
                if right.is_none() {
                    let seen: Vec<String> = there().await;
                    let (reader, author) = (reader.name(), author.name());
                    wrong.push(format!("{reader} has {seen:?} of {author}, who wrote {}", all.len()));
                }
            }
        }
        wrong
    }

    async fn gaps(&self) -> Vec<(String, String, Duration)> {
        let mut gaps = Vec::new();
        for (page, others) in self.each_with_others() {
            let seen = page.run("return window.tincanFaults?.gaps ?? {};", vec![]).await;
            gaps.extend(others.into_iter().filter_map(|other| {
                let gap = Duration::from_secs_f64(seen[&other].as_f64()? / 1_000.0);
                Some((page.name(), other, gap))
            }));
        }
        gaps
    }
}

fn line(author: &Page, count: usize) -> String {
    format!("{}-{count:03}", author.name())
}
