//! STUN and TURN over real sockets of this machine.
#![allow(clippy::unwrap_used)] // A test may.

mod support;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use stun_types::attribute::{AttributeWrite, ErrorCode, Nonce, Realm, Username, XorMappedAddress};
use stun_types::message::{
    BINDING, IntegrityAlgorithm, LongTermKeyCredentials, Message, MessageClass, MessageType, MessageWriteVec,
    Method, TransactionId,
};
use stun_types::prelude::{MessageWrite as _, MessageWriteExt as _};
use support::certificate::{Files, connect_by};
use support::coturn::{TRANSPORTS, Uclient};
use support::{Running, TIMEOUT};
use tincan_server::{Config, Server, TurnOptions};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;
use turn_types::attribute::{
    ChannelNumber, Data, Lifetime, RequestedTransport, XorPeerAddress, XorRelayedAddress,
};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH, SEND};

const LOCALHOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn options(allowed_peers: &[&str]) -> TurnOptions {
    TurnOptions {
        listen: vec![LOCALHOST],
        port: 0,
        relay_ports: 49_152..=65_535,
        external_ips: vec![LOCALHOST],
        allowed_peers: allowed_peers.iter().map(|network| network.parse().unwrap()).collect(),
        limits: tincan_turn::Limits::default(),
    }
}

/// A server, its port for TURN, and a credential.
struct Turn {
    running: Running,
    files: Files,
    address: SocketAddr,
    urls: Vec<String>,
    username: String,
    password: String,
}

/// Listens for HTTPS at addresses of both families.
async fn start(options: TurnOptions) -> Turn {
    let files = Files::new();
    let config = Config { listen: "[::]:0".to_owned(), turn: Some(options), ..files.config() };
    let server = Server::bind(config).await.unwrap();
    let address = SocketAddr::new(LOCALHOST, server.turn_port().unwrap());
    let running = support::run(server);
    let (username, password, urls) = (String::new(), String::new(), Vec::new());
    let mut turn = Turn { running, files, address, urls, username, password };
    turn.sign_in("anna").await;
    turn
}

impl Turn {
    /// Signs in, and notes what the login is told.
    async fn sign_in(&mut self, name: &str) {
        let mut client = self.running.client().await;
        client.say(json!({"type": "login", "name": name})).await;
        let turn = &client.hear().await["iceServers"][1];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (self.username, self.password) = (text(&turn["username"]), text(&turn["credential"]));
        self.urls = turn["urls"].as_array().unwrap().iter().map(text).collect();
    }

    fn uclient(&self, server: &'static str, transport: &'static [&'static str]) -> Uclient<'_> {
        let port = if transport.contains(&"-S") { self.running.port } else { self.address.port() };
        Uclient { server, port, transport, username: &self.username, password: &self.password }
    }
}

/// How a client is connected.
enum Socket {
    Udp(UdpSocket),
    Tcp(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

struct Client {
    socket: Socket,
    address: SocketAddr,
    username: String,
    password: String,
    /// Learnt from the first answer.
    authentication: Option<(String, String)>,
}

impl Client {
    async fn udp(turn: &Turn) -> Client {
        let socket = UdpSocket::bind((LOCALHOST, 0)).await.unwrap();
        socket.connect(turn.address).await.unwrap();
        let address = socket.local_addr().unwrap();
        Client::new(Socket::Udp(socket), address, turn)
    }

    async fn tcp(turn: &Turn) -> Client {
        let socket = TcpStream::connect(turn.address).await.unwrap();
        let address = socket.local_addr().unwrap();
        Client::new(Socket::Tcp(socket), address, turn)
    }

    /// Connects to the port of HTTPS, as a client that names these protocols.
    async fn tls(turn: &Turn, protocols: &[&str]) -> Client {
        let socket = connect_by(turn.running.port, &turn.files.certificate(), protocols).await.unwrap();
        let address = socket.get_ref().0.local_addr().unwrap();
        Client::new(Socket::Tls(Box::new(socket)), address, turn)
    }

    fn new(socket: Socket, address: SocketAddr, turn: &Turn) -> Client {
        let (username, password) = (turn.username.clone(), turn.password.clone());
        Client { socket, address, username, password, authentication: None }
    }

    async fn send(&mut self, bytes: &[u8]) {
        match &mut self.socket {
            Socket::Udp(socket) => {
                socket.send(bytes).await.unwrap();
            }
            Socket::Tcp(socket) => socket.write_all(bytes).await.unwrap(),
            Socket::Tls(socket) => {
                socket.write_all(bytes).await.unwrap();
                socket.flush().await.unwrap();
            }
        }
    }

    async fn receive(&mut self) -> Vec<u8> {
        timeout(TIMEOUT, async {
            match &mut self.socket {
                Socket::Udp(socket) => {
                    let mut bytes = vec![0; 70_000];
                    let length = socket.recv(&mut bytes).await.unwrap();
                    bytes.truncate(length);
                    bytes
                }
                Socket::Tcp(socket) => frame(socket).await,
                Socket::Tls(socket) => frame(socket).await,
            }
        })
        .await
        .unwrap()
    }

    /// Returns the answer to a request.
    async fn ask(
        &mut self,
        method: Method,
        attributes: &[&dyn AttributeWrite],
        peer: Option<SocketAddr>,
    ) -> Vec<u8> {
        loop {
            let id = TransactionId::generate();
            let kind = MessageType::from_class_method(MessageClass::Request, method);
            let mut message = Message::builder(kind, id, MessageWriteVec::new());
            for attribute in attributes {
                message.add_attribute(*attribute).unwrap();
            }
            if let Some(peer) = peer {
                message.add_attribute(&XorPeerAddress::new(peer, id)).unwrap();
            }
            if let Some((realm, nonce)) = &self.authentication {
                message.add_attribute(&Username::new(&self.username).unwrap()).unwrap();
                message.add_attribute(&Realm::new(realm).unwrap()).unwrap();
                message.add_attribute(&Nonce::new(nonce).unwrap()).unwrap();
                let [username, password, realm] = [&self.username, &self.password, realm].map(String::clone);
                let key = LongTermKeyCredentials::new(username, password, realm).into();
                message.add_message_integrity(&key, IntegrityAlgorithm::Sha1).unwrap();
            }
            self.send(&message.finish()).await;
            let answer = self.receive().await;
            let message = Message::from_bytes(&answer).unwrap();
            assert_eq!(message.transaction_id(), id);
            if code(&answer) == 401 && self.authentication.is_none() {
                let realm = message.attribute::<Realm>().unwrap().realm().to_owned();
                let nonce = message.attribute::<Nonce>().unwrap().nonce().to_owned();
                self.authentication = Some((realm, nonce));
                continue;
            }
            return answer;
        }
    }

    async fn allocate(&mut self) -> SocketAddr {
        let udp = RequestedTransport::new(RequestedTransport::UDP);
        let answer = self.ask(ALLOCATE, &[&udp], None).await;
        assert_eq!(code(&answer), 0);
        let message = Message::from_bytes(&answer).unwrap();
        let mapped = message.attribute::<XorMappedAddress>().unwrap();
        assert_eq!(mapped.addr(message.transaction_id()), self.address);
        message.attribute::<XorRelayedAddress>().unwrap().addr(message.transaction_id())
    }

    async fn permit(&mut self, peer: SocketAddr) -> u16 {
        code(&self.ask(CREATE_PERMISSION, &[], Some(peer)).await)
    }

    async fn send_to(&mut self, peer: SocketAddr, data: &[u8]) {
        let mut message = Message::builder_indication(SEND, MessageWriteVec::new());
        let peer = XorPeerAddress::new(peer, message.transaction_id());
        message.add_attribute(&peer).unwrap();
        message.add_attribute(&Data::new(data)).unwrap();
        let bytes = message.finish();
        self.send(&bytes).await;
    }

    async fn hear(&mut self) -> (SocketAddr, Vec<u8>) {
        let bytes = self.receive().await;
        let message = Message::from_bytes(&bytes).unwrap();
        let peer = message.attribute::<XorPeerAddress>().unwrap().addr(message.transaction_id());
        (peer, message.attribute::<Data<'_>>().unwrap().data().to_vec())
    }
}

/// Reads a message of a stream.
async fn frame(stream: &mut (impl AsyncRead + Unpin)) -> Vec<u8> {
    let mut bytes = vec![0; 4];
    stream.read_exact(&mut bytes).await.unwrap();
    let length = tincan_turn::frame_length(&bytes).unwrap().unwrap();
    bytes.resize(length, 0);
    stream.read_exact(&mut bytes[4..]).await.unwrap();
    bytes
}

/// Returns an answer's code: 0 is success.
fn code(answer: &[u8]) -> u16 {
    let message = Message::from_bytes(answer).unwrap();
    match message.class() {
        MessageClass::Success => 0,
        _ => message.attribute::<ErrorCode>().unwrap().code(),
    }
}

async fn hears(socket: &UdpSocket) -> (SocketAddr, Vec<u8>) {
    let mut bytes = vec![0; 2000];
    let (length, from) = timeout(TIMEOUT, socket.recv_from(&mut bytes)).await.unwrap().unwrap();
    bytes.truncate(length);
    (from, bytes)
}

#[tokio::test]
async fn stun_over_udp_tcp_and_tls() {
    let turn = start(options(&[])).await;
    let secure = [Client::tls(&turn, &[]).await, Client::tls(&turn, &["stun.nat-discovery"]).await];
    for mut client in [Client::udp(&turn).await, Client::tcp(&turn).await].into_iter().chain(secure) {
        for _ in 0..2 {
            let answer = client.ask(BINDING, &[], None).await;
            let message = Message::from_bytes(&answer).unwrap();
            let mapped = message.attribute::<XorMappedAddress>().unwrap();
            assert_eq!(mapped.addr(message.transaction_id()), client.address);
        }
    }
}

#[tokio::test]
async fn a_peer_is_reached_and_reaches_back() {
    let turn = start(options(&["127.0.0.0/8"])).await;
    let peer = UdpSocket::bind((LOCALHOST, 0)).await.unwrap();
    let peer_address = peer.local_addr().unwrap();
    let secure = [Client::tls(&turn, &[]).await, Client::tls(&turn, &["stun.turn"]).await];
    for mut client in [Client::udp(&turn).await, Client::tcp(&turn).await].into_iter().chain(secure) {
        let is_stream = !matches!(client.socket, Socket::Udp(_));
        let relayed = client.allocate().await;
        assert_eq!(client.permit(peer_address).await, 0);
        client.send_to(peer_address, b"hello").await;
        assert_eq!(hears(&peer).await, (relayed, b"hello".to_vec()));
        peer.send_to(b"back", relayed).await.unwrap();
        assert_eq!(client.hear().await, (peer_address, b"back".to_vec()));
        let channel = ChannelNumber::new(0x4001);
        assert_eq!(code(&client.ask(CHANNEL_BIND, &[&channel], Some(peer_address)).await), 0);
        // Two messages in one piece, of which the first has padding: that is how streams are.
        let pieces: &[&[u8]] = if is_stream {
            &[b"\x40\x01\0\x05first\0\0\0\x40\x01\0\x06sec", b"ond\0\0"]
        } else {
            &[b"\x40\x01\0\x05first", b"\x40\x01\0\x06second"]
        };
        for piece in pieces {
            client.send(piece).await;
        }
        assert_eq!(hears(&peer).await, (relayed, b"first".to_vec()));
        assert_eq!(hears(&peer).await, (relayed, b"second".to_vec()));
        peer.send_to(b"third", relayed).await.unwrap();
        let padding: &[u8] = if is_stream { &[0; 3] } else { &[] };
        assert_eq!(client.receive().await, [b"\x40\x01\0\x05third", padding].concat());
        assert_eq!(code(&client.ask(REFRESH, &[&Lifetime::new(0)], None).await), 0);
        assert_eq!(client.permit(peer_address).await, 437);
        // The port can be had again, so its socket is closed.
        UdpSocket::bind(relayed).await.unwrap();
    }
}

/// A host may have several addresses. Both a client and its peer hear only from the one that they know.
#[tokio::test]
async fn whichever_address_is_asked_answers() {
    let other: IpAddr = "127.0.0.2".parse().unwrap();
    let mut turn = start(TurnOptions {
        listen: vec![IpAddr::V4(Ipv4Addr::UNSPECIFIED), IpAddr::V6(Ipv6Addr::UNSPECIFIED)],
        external_ips: vec!["127.0.0.3".parse().unwrap()],
        ..options(&["127.0.0.0/8"])
    })
    .await;
    let peer = UdpSocket::bind((LOCALHOST, 0)).await.unwrap();
    let peer_address = peer.local_addr().unwrap();
    let mut ways = vec![(LOCALHOST, LOCALHOST), (LOCALHOST, other), (other, LOCALHOST)];
    let v6 = IpAddr::V6(Ipv6Addr::LOCALHOST);
    if std::net::UdpSocket::bind((v6, 0)).is_ok() {
        ways.push((v6, v6));
    }
    for (from, asked) in ways {
        turn.address.set_ip(asked);
        let socket = UdpSocket::bind((from, 0)).await.unwrap();
        // From now on it receives from there alone.
        socket.connect(turn.address).await.unwrap();
        let address = socket.local_addr().unwrap();
        let mut client = Client::new(Socket::Udp(socket), address, &turn);
        let relayed = client.allocate().await;
        assert_eq!(client.permit(peer_address).await, 0);
        client.send_to(peer_address, b"hello").await;
        assert_eq!(hears(&peer).await, (relayed, b"hello".to_vec()));
        peer.send_to(b"back", relayed).await.unwrap();
        assert_eq!(client.hear().await, (peer_address, b"back".to_vec()));
    }
}

#[tokio::test]
async fn two_clients_reach_each_other_where_nothing_else_is_reached() {
    let turn = start(options(&[])).await;
    let (mut anna, mut bell) = (Client::udp(&turn).await, Client::tcp(&turn).await);
    let (of_anna, of_bell) = (anna.allocate().await, bell.allocate().await);
    assert_eq!((anna.permit(of_bell).await, bell.permit(of_anna).await), (0, 0));
    anna.send_to(of_bell, b"hello").await;
    assert_eq!(bell.hear().await, (of_anna, b"hello".to_vec()));
    bell.send_to(of_anna, b"back").await;
    assert_eq!(anna.hear().await, (of_bell, b"back".to_vec()));

    // The permission for each other's address is none for a service at the same address.
    let service = UdpSocket::bind((LOCALHOST, 0)).await.unwrap();
    let service_address = service.local_addr().unwrap();
    anna.send_to(service_address, b"GET /").await;
    service.send_to(b"200 OK", of_anna).await.unwrap();
    for inner in ["10.0.0.1:80", "169.254.169.254:80", "127.0.0.2:80"] {
        assert_eq!(anna.permit(inner.parse().unwrap()).await, 403, "{inner}");
    }
    // What comes after it has come through, so it would have come, too.
    bell.send_to(of_anna, b"next").await;
    assert_eq!(anna.hear().await, (of_bell, b"next".to_vec()));
    let mut bytes = [0; 100];
    let error = service.try_recv_from(&mut bytes).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
}

#[tokio::test]
async fn the_end_of_a_stream_is_the_end_of_its_allocation() {
    let turn = start(options(&[])).await;
    let mut client = Client::tcp(&turn).await;
    let relayed = client.allocate().await;
    assert!(UdpSocket::bind(relayed).await.is_err(), "the server has it");
    drop(client);
    timeout(TIMEOUT, async {
        while UdpSocket::bind(relayed).await.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_stream_with_no_messages_is_closed() {
    let turn = start(options(&[])).await;
    let too_long = [&[0, 1, 0x10, 0][..], &[0x21, 0x12, 0xA4, 0x42], &[0; 12]].concat();
    for bytes in
        [&b"POST / HTTP/1.1\r\n\r\n"[..], &[0, 1, 0, 0, 1, 2, 3, 4], &too_long, &[0x40, 0, 0xFF, 0xFF]]
    {
        let mut client = TcpStream::connect(turn.address).await.unwrap();
        client.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        // A reset is an end, too.
        let _ = timeout(TIMEOUT, client.read_to_end(&mut answer)).await.unwrap();
        assert!(answer.is_empty(), "{answer:?}");
    }
}

#[tokio::test]
async fn relayed_addresses_are_in_their_range() {
    let free = UdpSocket::bind("0.0.0.0:0").await.unwrap().local_addr().unwrap().port();
    let turn = start(TurnOptions { relay_ports: free..=free, ..options(&[]) }).await;
    let mut first = Client::udp(&turn).await;
    assert_eq!(first.allocate().await.port(), free);
    let udp = RequestedTransport::new(RequestedTransport::UDP);
    let mut second = Client::udp(&turn).await;
    assert_eq!(code(&second.ask(ALLOCATE, &[&udp], None).await), 508);
    assert_eq!(code(&first.ask(REFRESH, &[&Lifetime::new(0)], None).await), 0);
    assert_eq!(second.allocate().await.port(), free);
}

/// Data of one second of a picture, which comes faster than a page may send.
#[tokio::test]
async fn much_data_over_tls() {
    let turn = start(options(&[])).await;
    let (mut anna, mut bell) = (Client::tls(&turn, &[]).await, Client::tls(&turn, &[]).await);
    let (of_anna, of_bell) = (anna.allocate().await, bell.allocate().await);
    assert_eq!((anna.permit(of_bell).await, bell.permit(of_anna).await), (0, 0));
    // Both count against what a user has.
    for number in 0..1500u16 {
        let data = [&number.to_be_bytes()[..], &[0; 1198]].concat();
        anna.send_to(of_bell, &data).await;
        assert_eq!(bell.hear().await, (of_anna, data), "{number}");
    }
}

/// Whoever knows only the one port that a network lets out is told so, and pages still come from there.
#[tokio::test]
async fn one_port_for_pages_and_turn() {
    let mut turn = start(options(&[])).await;
    let (port, https) = (turn.address.port(), turn.running.port);
    let host = "localhost";
    let expected = [
        format!("turn:{host}:{port}?transport=udp"),
        format!("turn:{host}:{port}?transport=tcp"),
        format!("turns:{host}:{https}?transport=tcp"),
    ];
    assert_eq!(turn.urls, expected);
    let mut client = Client::tls(&turn, &[]).await;
    client.allocate().await;
    for protocols in [&[][..], &["http/1.1"], &["stun.turn", "http/1.1"]] {
        let mut page = connect_by(https, &turn.files.certificate(), protocols).await.unwrap();
        page.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        let mut head = [0; 12];
        timeout(TIMEOUT, page.read_exact(&mut head)).await.unwrap().unwrap();
        assert_eq!(&head, b"HTTP/1.1 200", "{protocols:?}");
    }
    turn.sign_in("bell").await;
    assert_eq!(client.permit(turn.address).await, 0, "it is still there");
}

#[tokio::test]
async fn a_client_of_coturn() {
    if Uclient::is_missing() {
        return;
    }
    let turn = start(options(&[])).await;
    let over = TRANSPORTS.map(|transport| turn.uclient("127.0.0.1", transport));
    tokio::join!(over[0].is_served(), over[1].is_served(), over[2].is_served());
}

#[tokio::test]
async fn a_client_of_coturn_over_ipv6() {
    if Uclient::is_missing() {
        return;
    }
    let localhost = IpAddr::from(Ipv6Addr::LOCALHOST);
    if UdpSocket::bind((localhost, 0)).await.is_err() {
        eprintln!("skipped: this machine has no IPv6");
        return;
    }
    let both = vec![LOCALHOST, localhost];
    let turn = start(TurnOptions { listen: both.clone(), external_ips: both, ..options(&[]) }).await;
    let over = [&["-x"][..], &["-x", "-t"], &["-x", "-t", "-S"]];
    let over = over.map(|transport| turn.uclient("::1", transport));
    tokio::join!(over[0].is_served(), over[1].is_served(), over[2].is_served());
}

#[tokio::test]
async fn a_client_of_coturn_with_a_wrong_credential() {
    if Uclient::is_missing() {
        return;
    }
    let mut turn = start(options(&[])).await;
    let (username, password) = (turn.username.clone(), turn.password.clone());
    let renamed = username.replace(':', ":x");
    for transport in TRANSPORTS {
        for (username, password) in [(&*username, "wrong"), (&renamed, &password), ("anna", &password)] {
            let client = turn.uclient("127.0.0.1", transport);
            Uclient { username, password, ..client }.is_refused().await;
        }
    }
    // A credential is good for a day.
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(24 * 3600 + 1)).await;
    tokio::time::resume();
    for transport in TRANSPORTS {
        turn.uclient("127.0.0.1", transport).is_refused().await;
    }
    turn.sign_in("bell").await;
    turn.uclient("127.0.0.1", TRANSPORTS[0]).is_served().await;
}

/// aioice, a client in Python, in the folder where `cargo xtask test` installs it.
fn aioice() -> Option<Command> {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/aioice/bin/python");
    if !python.is_file() {
        eprintln!("skipped: there is no aioice (`cargo xtask test native` installs it)");
        return None;
    }
    let mut command = Command::new(python);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients_of_aioice.py"));
    Some(command)
}

impl Turn {
    /// Has two clients of aioice connect through this server. Returns whether they do, and what they say.
    async fn aioice(&self, transports: [&str; 2], password: &str) -> (bool, String) {
        let mut clients = aioice().unwrap();
        let ports = [self.address.port(), self.running.port].map(|port| port.to_string());
        clients.arg("localhost").args(ports).args([&*self.username, password]).args(transports);
        // Python trusts what is in this file.
        clients.env("SSL_CERT_FILE", self.files.certificate());
        let output = tokio::task::spawn_blocking(move || clients.output().unwrap());
        let output = timeout(Duration::from_secs(60), output).await.unwrap().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }
}

#[tokio::test]
async fn clients_of_aioice_connect_by_every_transport() {
    if aioice().is_none() {
        return;
    }
    let turn = start(options(&[])).await;
    for transports in [["udp", "udp"], ["tcp", "udp"], ["tls", "udp"], ["tls", "tcp"]] {
        let (connected, said) = turn.aioice(transports, &turn.password).await;
        assert!(connected && said.contains("connected"), "{transports:?}: {said}");
    }
    let (connected, said) = turn.aioice(["tls", "udp"], "wrong").await;
    assert!(!connected && said.contains("no candidate"), "{said}");
}
