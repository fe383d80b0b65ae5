//! By which commands of iproute2 and nftables a network is built and changed.
//!
//! Every link is a veth pair with single addresses (`/32`, `/128`) and routes to them, so nothing is
//! broadcast. The addresses outside are like those of the Internet, since the server's TURN relays to no
//! others. They are nowhere but in these namespaces.

use std::fmt::Write as _;

use super::topology::{Family, Nat, Outward, Side, Topology, Way};

/// What the server is called. There is no DNS: Firefox is told where that is.
pub(super) const SERVER_NAME: &str = "call.lab";
/// The server's addresses.
pub(super) const SERVER: [&str; 2] = ["5.5.5.5", "2a00:5::5"];
/// What the routers are called by those behind them: in the Internet, and at home.
const INTERNET: [&str; 2] = ["5.0.0.1", "2a00:5::1"];
const HOME: [&str; 2] = ["192.168.1.1", "2a00:7::1"];
/// In so many packets, each place is lost or not.
const LOSS_PERIOD: usize = 1_000;
/// How long a slow line keeps a packet at most before it drops it, in milliseconds.
const LONGEST_QUEUE_MS: u32 = 300;

/// A program with its arguments, and what it reads from its standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) words: Vec<String>,
    pub(super) input: String,
}

impl Command {
    fn new(line: &str) -> Command {
        Command { words: line.split(' ').map(str::to_owned).collect(), input: String::new() }
    }

    /// Rules for the namespace, as `nft -f` reads them.
    fn rules(namespace: &str, rules: String) -> Command {
        Command { input: rules, ..Command::new(&format!("ip netns exec {namespace} nft -f -")) }
    }
}

/// The namespaces of one network.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub(super) prefix: String,
}

impl Names {
    pub(super) fn browser(&self, side: Side) -> String {
        format!("{}-{}", self.prefix, letter(side))
    }

    fn gateway(&self, side: Side) -> String {
        format!("{}-gateway-{}", self.prefix, letter(side))
    }

    pub(super) fn server(&self) -> String {
        format!("{}-server", self.prefix)
    }

    fn internet(&self) -> String {
        format!("{}-internet", self.prefix)
    }

    pub(super) fn all(&self, topology: &Topology) -> Vec<String> {
        let mut all = vec![self.internet(), self.server()];
        for side in Side::BOTH {
            all.push(self.browser(side));
            if topology.gateway_of(side) == side {
                all.push(self.gateway(side));
            }
        }
        all
    }
}

/// Returns what builds the network. The seed says which packets are lost.
pub(super) fn build(names: &Names, topology: &Topology, seed: u64) -> Vec<Command> {
    let mut commands = Commands::default();
    for name in names.all(topology) {
        commands.run(format!("ip netns add {name}"));
        commands.run(format!("ip -n {name} link set lo up"));
    }
    let (internet, server) = (names.internet(), names.server());
    commands.forwards(&internet);
    commands.link(&internet, "server", &server, "wan");
    for family in [Family::V4, Family::V6] {
        let (router, server_address) = (of(INTERNET, family), of(SERVER, family));
        commands.address(&internet, "server", router);
        commands.address(&server, "wan", server_address);
        commands.route(&internet, server_address, "server");
        commands.default_route(&server, router, "wan");
    }
    for side in Side::BOTH {
        if topology.gateway_of(side) == side {
            commands.gateway(names, side);
        }
        commands.browser(names, topology, side);
    }
    for side in Side::BOTH {
        if topology.gateway_of(side) == side {
            let rules = rules(topology, side, seed);
            commands.0.push(Command::rules(&names.gateway(side), rules));
        }
    }
    commands.0
}

/// Returns what takes somebody's line away: nothing comes through, and nobody is told.
pub(super) fn cut(names: &Names, topology: &Topology, side: Side) -> Vec<Command> {
    let rule = format!("add rule inet lab cut_{} drop\n", letter(side));
    vec![Command::rules(&names.gateway(topology.gateway_of(side)), rule)]
}

/// Returns what gives the line back.
pub(super) fn heal(names: &Names, topology: &Topology, side: Side) -> Vec<Command> {
    let rule = format!("flush chain inet lab cut_{}\n", letter(side));
    vec![Command::rules(&names.gateway(topology.gateway_of(side)), rule)]
}

/// Returns what gives somebody's machine its `number`th address in place of the one before, as when it
/// changes to another network.
pub(super) fn change_address(names: &Names, topology: &Topology, side: Side, number: u8) -> Vec<Command> {
    let way = topology.way(side);
    let (browser, gateway) = (names.browser(side), names.gateway(topology.gateway_of(side)));
    let (old, new) = (address(way, side, number - 1), address(way, side, number));
    let mut commands = Commands::default();
    commands.run(format!("ip -n {browser} address del {} dev lan", host(&old)));
    commands.address(&browser, "lan", &new);
    commands.route(&gateway, &new, letter(side));
    if way.nat == Nat::None {
        commands.route_home(names, topology, side, &new);
    }
    // It goes with the last address.
    commands.default_route(&browser, of(HOME, way.family), "lan");
    commands.0
}

#[derive(Default)]
struct Commands(Vec<Command>);

impl Commands {
    fn run(&mut self, line: String) {
        self.0.push(Command::new(&line));
    }

    /// Connects two namespaces.
    fn link(&mut self, one: &str, device: &str, other: &str, other_device: &str) {
        self.run(format!(
            "ip -n {one} link add name {device} type veth peer name {other_device} netns {other}"
        ));
        for (namespace, device) in [(one, device), (other, other_device)] {
            // Packets as they are on a line: the system would join many in one, to be lost together.
            self.run(format!("ip -n {namespace} link set dev {device} gso_max_segs 1"));
            self.run(format!("ip -n {namespace} link set dev {device} up"));
        }
    }

    fn address(&mut self, namespace: &str, device: &str, address: &str) {
        let nodad = if address.contains(':') { " nodad" } else { "" };
        self.run(format!("ip -n {namespace} address add {} dev {device}{nodad}", host(address)));
    }

    fn route(&mut self, namespace: &str, address: &str, device: &str) {
        self.run(format!("ip -n {namespace} route replace {} dev {device}", host(address)));
    }

    /// Has the Internet know by which gateway an address is reached.
    fn route_home(&mut self, names: &Names, topology: &Topology, side: Side, address: &str) {
        let at = topology.gateway_of(side);
        let gateway = outside(topology.way(side).family, at);
        let (internet, address) = (names.internet(), host(address));
        self.run(format!("ip -n {internet} route replace {address} via {gateway} dev {}", letter(at)));
    }

    fn default_route(&mut self, namespace: &str, router: &str, device: &str) {
        // A router outside of all networks of the device has to be named first.
        self.route(namespace, router, device);
        let family = if router.contains(':') { "-6 " } else { "" };
        self.run(format!("ip -n {namespace} {family}route replace default via {router} dev {device}"));
    }

    fn forwards(&mut self, namespace: &str) {
        self.set(namespace, "ipv4/ip_forward", 1);
        self.set(namespace, "ipv6/conf/all/forwarding", 1);
    }

    fn set(&mut self, namespace: &str, setting: &str, value: u8) {
        let input = format!("{value}\n");
        let line = format!("ip netns exec {namespace} tee /proc/sys/net/{setting}");
        self.0.push(Command { input, ..Command::new(&line) });
    }

    /// Connects somebody's gateway to the Internet.
    fn gateway(&mut self, names: &Names, side: Side) {
        let (internet, gateway) = (names.internet(), names.gateway(side));
        let device = letter(side);
        self.forwards(&gateway);
        self.link(&internet, device, &gateway, "wan");
        for family in [Family::V4, Family::V6] {
            let (router, outside) = (of(INTERNET, family), outside(family, side));
            self.address(&internet, device, router);
            self.address(&gateway, "wan", outside);
            self.route(&internet, outside, device);
            self.default_route(&gateway, router, "wan");
        }
    }

    /// Connects somebody to their gateway.
    fn browser(&mut self, names: &Names, topology: &Topology, side: Side) {
        let way = topology.way(side);
        let at = topology.gateway_of(side);
        let (gateway, browser, device) = (names.gateway(at), names.browser(side), letter(side));
        match way.family {
            // Its line would have an address of the link at least. Drivers want the loopback's.
            Family::V4 => self.set(&browser, "ipv6/conf/default/disable_ipv6", 1),
            // That would be looked for twice a second later, which a browser takes for another network.
            Family::V6 => self.set(&browser, "ipv6/conf/default/accept_dad", 0),
        }
        self.link(&gateway, device, &browser, "lan");
        let (router, address) = (of(HOME, way.family), address(way, side, 0));
        self.address(&gateway, device, router);
        self.address(&browser, "lan", &address);
        self.route(&gateway, &address, device);
        self.default_route(&browser, router, "lan");
        if way.nat == Nat::None {
            self.route_home(names, topology, side, &address);
        }
        if let Some(rate) = way.kbit_per_second {
            for (namespace, device) in [(&gateway, device), (&browser, "lan")] {
                self.run(format!(
                    "tc -n {namespace} qdisc add dev {device} root tbf rate {rate}kbit burst 4kb \
                     latency {LONGEST_QUEUE_MS}ms"
                ));
            }
        }
    }
}

/// Returns the rules of somebody's gateway.
fn rules(topology: &Topology, gateway: Side, seed: u64) -> String {
    let (mut chains, mut forward, mut translate) = (String::new(), String::new(), String::new());
    let mut random = Random(seed ^ 0x7469_6e63_616e ^ gateway as u64);
    for side in Side::BOTH.into_iter().filter(|side| topology.gateway_of(*side) == gateway) {
        let (way, device) = (topology.way(side), letter(side));
        let _ = writeln!(chains, "chain cut_{device} {{\n}}");
        let _ = writeln!(forward, "iifname \"{device}\" jump cut_{device}");
        let _ = writeln!(forward, "oifname \"{device}\" jump cut_{device}");
        if way.loss_percent > 0 {
            for direction in ["iifname", "oifname"] {
                let lost = lost(way.loss_percent, &mut random);
                let numbers = format!("numgen inc mod {LOSS_PERIOD} {{ {lost} }}");
                let _ = writeln!(forward, "{direction} \"{device}\" {numbers} drop");
            }
        }
        match way.outward {
            Outward::Everything => {}
            Outward::NoUdp => {
                let _ = writeln!(forward, "iifname \"{device}\" meta l4proto udp drop");
            }
            Outward::HttpsAlone => {
                let _ = writeln!(forward, "iifname \"{device}\" tcp dport != 443 drop");
                let _ = writeln!(forward, "iifname \"{device}\" meta l4proto != tcp drop");
            }
        }
        match way.nat {
            Nat::None => {
                let _ = writeln!(forward, "oifname \"{device}\" accept");
            }
            Nat::EndpointIndependent => translate = "oifname \"wan\" masquerade\n".to_owned(),
            Nat::Symmetric => translate = "oifname \"wan\" masquerade random\n".to_owned(),
        }
    }
    // What comes unasked is dropped before it is remembered. Otherwise it would take the port of what goes to
    // where it came from, and that would get another port.
    format!(
        "table inet lab {{\n{chains}\
         chain forward {{\ntype filter hook forward priority filter; policy drop;\n{forward}\
         ct state established,related accept\niifname != \"wan\" accept\n}}\n\
         chain input {{\ntype filter hook input priority filter; policy accept;\n\
         iifname \"wan\" meta l4proto {{ tcp, udp }} drop\n}}\n\
         chain translate {{\ntype nat hook postrouting priority srcnat; policy accept;\n{translate}}}\n}}\n"
    )
}

/// Returns which of [`LOSS_PERIOD`] packets are lost.
fn lost(percent: u8, random: &mut Random) -> String {
    let mut places: Vec<usize> = (0..LOSS_PERIOD).collect();
    let number = LOSS_PERIOD * usize::from(percent.min(100)) / 100;
    for at in 0..number {
        let other = at + random.below(LOSS_PERIOD - at);
        places.swap(at, other);
    }
    let places: Vec<String> = places[..number].iter().map(usize::to_string).collect();
    places.join(", ")
}

/// SplitMix64, so that a seed means the same wherever it is used.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ mixed >> 31) % limit as u64) as usize
    }
}

/// Returns somebody's `number`th address.
fn address(way: &Way, side: Side, number: u8) -> String {
    let place = 10 * (side as u8 + 1) + number;
    match (way.family, way.nat) {
        (Family::V4, Nat::None) => format!("7.0.0.{place}"),
        (Family::V4, _) => format!("192.168.1.{place}"),
        (Family::V6, Nat::None) => format!("2a00:7::{place}"),
        (Family::V6, _) => format!("fd00:7::{place}"),
    }
}

/// Returns where a gateway is in the Internet.
fn outside(family: Family, side: Side) -> &'static str {
    match (family, side) {
        (Family::V4, Side::A) => "6.0.0.1",
        (Family::V4, Side::B) => "6.0.0.2",
        (Family::V6, Side::A) => "2a00:6::1",
        (Family::V6, Side::B) => "2a00:6::2",
    }
}

fn of(addresses: [&'static str; 2], family: Family) -> &'static str {
    addresses[family as usize]
}

fn host(address: &str) -> String {
    format!("{address}/{}", if address.contains(':') { 128 } else { 32 })
}

fn letter(side: Side) -> &'static str {
    match side {
        Side::A => "a",
        Side::B => "b",
    }
}
