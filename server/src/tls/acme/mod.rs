//! Certificates by ACME (RFC 8555): got from a CA, kept, and renewed, while the server runs.
//!
//! Whatever fails is said and tried again, and never ends the server. What is served until then is the
//! certificate that stands, or none.

mod challenges;
mod https_client;
mod leaf;
mod order;
mod schedule;
mod store;
mod trouble;

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use instant_acme::{Account, CertificateIdentifier, HttpClient, NewAccount};
use rustls::client::verify_server_name;
use rustls::pki_types::{Der, ServerName};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use tokio::time::sleep;
use tracing::{debug, info, warn};

use self::challenges::{ACME_TLS, Challenge};
use self::https_client::HttpsClient;
use self::leaf::Leaf;
use self::order::Wanted;
use self::store::{SavedAccount, Store};
use self::trouble::Trouble;
use super::certificate::CertificateError;
use super::resolver::CurrentCertificate;
use crate::wall_clock::since_1970;

pub(crate) use self::challenges::Challenges;
pub use self::schedule::Backoff;

/// The protocol that handshakes of a CA ask for.
pub(super) const PROTOCOL: &[u8] = ACME_TLS;

/// Let's Encrypt.
pub(crate) const DEFAULT_DIRECTORY: &str = "https://acme-v02.api.letsencrypt.org/directory";

/// What whoever runs the server decides about ACME.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcmeOptions {
    /// The names to have in the certificate. There is one at least.
    pub domains: Vec<String>,
    /// Where the CA may write to, as `mailto:` URLs.
    pub contacts: Vec<String>,
    /// The URL of the CA's directory.
    pub directory: String,
    /// A file with the roots by which the CA's own HTTPS is trusted, if browsers don't.
    pub roots: Option<PathBuf>,
    /// The folder for what the server keeps.
    pub data: PathBuf,
    pub backoff: Backoff,
}

/// Gets and renews the certificate.
pub(super) struct Acme {
    options: AcmeOptions,
    client: HttpsClient,
    store: Store,
    current: Arc<CurrentCertificate>,
    challenges: Arc<Challenges>,
    /// Whether there is somebody at port 80, too.
    has_http: bool,
    standing: Option<Standing>,
}

/// The certificate that stands, and when to do what about it: in seconds since 1970.
struct Standing {
    leaf: Leaf,
    /// Random, from 0 to 1. It stays the same for one certificate, so that the time doesn't wander.
    jitter: f64,
    renew_at: i64,
    /// When to ask the CA, who may want it renewed at another time (RFC 9773).
    ask_at: i64,
    /// Whether the CA said when. Then it wants to be told which certificate a new one replaces.
    has_window: bool,
}

/// How long to wait at most before the clock is looked at: it may be set, and a machine may sleep.
const LOOK_EVERY: Duration = Duration::from_secs(60 * 60);
/// How soon and how late the CA is asked again when to renew. It says so itself, within these.
const ASK_AGAIN: std::ops::RangeInclusive<i64> = 60 * 60..=24 * 60 * 60;

impl Acme {
    /// Loads what is kept.
    ///
    /// # Errors
    /// If there is no folder to keep anything in, or the file of roots can't be used.
    pub(super) fn prepare(options: AcmeOptions, has_http: bool) -> Result<Acme, CertificateError> {
        let store = Store::open(&options.data, &options.directory)?;
        let client = HttpsClient::new(options.roots.as_deref())?;
        let kept = store.certificate().unwrap_or_else(|error| {
            warn!("the certificate that was kept is of no use: {error}");
            None
        });
        let standing = kept.as_ref().and_then(|kept| Standing::of(kept, &options.domains));
        let challenges = Arc::new(Challenges::default());
        let current = Arc::new(CurrentCertificate::new(kept, challenges.clone()));
        Ok(Acme { options, client, store, current, challenges, has_http, standing })
    }

    /// Returns what handshakes use.
    pub(super) fn current(&self) -> Arc<CurrentCertificate> {
        self.current.clone()
    }

    pub(super) fn challenges(&self) -> Arc<Challenges> {
        self.challenges.clone()
    }

    /// Gets a certificate if there is none, and renews it in time.
    pub(super) async fn run(mut self) -> Infallible {
        if self.current.get().is_none() {
            info!(
                ca = self.options.directory,
                domains = self.options.domains.join(", "),
                "there is no certificate yet, and no HTTPS until the CA has given one"
            );
        }
        let mut failures = 0;
        loop {
            self.wait_until_due().await;
            match self.renew(failures).await {
                Ok(()) => {
                    failures = 0;
                    info!(domains = self.options.domains.join(", "), "there is a new certificate");
                }
                Err(trouble) => {
                    failures = u32::saturating_add(failures, 1);
                    let wait = self.options.backoff.after(trouble.failure(), failures, rand::random());
                    let stands =
                        if self.standing.is_some() { "the certificate that stands is kept; " } else { "" };
                    warn!("no new certificate: {trouble}; {stands}tried again in {}", in_words(wait));
                    // If it was this that the CA minded, it isn't told again.
                    if let Some(standing) = &mut self.standing {
                        standing.has_window = false;
                    }
                    sleep(wait).await;
                }
            }
        }
    }

    async fn wait_until_due(&mut self) {
        while let Some(standing) = &mut self.standing {
            let now = now();
            if now >= standing.ask_at {
                standing.ask_at = now.saturating_add(*ASK_AGAIN.end());
                self.ask_when().await;
                continue;
            }
            let next = standing.renew_at.min(standing.ask_at);
            let Ok(left @ 1..) = u64::try_from(next.saturating_sub(now)) else { return };
            sleep(Duration::from_secs(left).min(LOOK_EVERY)).await;
        }
    }

    /// Asks the CA when to renew. Most don't say.
    async fn ask_when(&mut self) {
        let Some(standing) = &mut self.standing else { return };
        let Ok(Some(saved)) = self.store.account() else { return };
        match standing.ask(saved, Box::new(self.client.clone())).await {
            Ok(()) => debug!(at = standing.renew_at, "the CA says when to renew"),
            Err(error) => debug!(%error, "the CA doesn't say when to renew"),
        }
    }

    async fn renew(&mut self, failures: u32) -> Result<(), Trouble> {
        let pem = match self.fetch(failures).await {
            Err(Trouble::UnknownAccount(_)) => {
                self.store.forget_account();
                self.fetch(failures).await?
            }
            result => result?,
        };
        let key = self.store.parse(&pem)?;
        self.standing = Standing::of(&key, &self.options.domains);
        self.current.set(key);
        // Asking for yet another one wouldn't help: a CA gives only so many.
        if let Err(error) = self.store.save_certificate(&pem) {
            warn!("the new certificate is used, but not kept for the next start: {error}");
        }
        // It is used in any case. One that has to be replaced is, but not at once, or there would be no end.
        let standing = self.standing.as_mut().ok_or(Trouble::OtherNames)?;
        standing.ask_at = now().saturating_add(*ASK_AGAIN.start());
        if standing.renew_at <= now() { Err(Trouble::TooOld) } else { Ok(()) }
    }

    async fn fetch(&self, failures: u32) -> Result<String, Trouble> {
        let account = self.account().await?;
        let replaced = self.standing.as_ref().filter(|standing| standing.has_window);
        let wanted = Wanted {
            domains: &self.options.domains,
            replaces: replaced.and_then(|standing| identifier(&standing.leaf)),
            challenge: challenge(self.has_http, failures),
        };
        order::fetch(&account, wanted, &self.challenges).await
    }

    /// Returns the account that is kept, or makes one.
    async fn account(&self) -> Result<Account, Trouble> {
        let options = &self.options;
        let contacts: Vec<&str> = options.contacts.iter().map(String::as_str).collect();
        let builder = Account::builder_with_http(Box::new(self.client.clone()));
        let saved = self.store.account().unwrap_or_else(|error| {
            warn!("the account that was kept is of no use: {error}");
            None
        });
        let Some(saved) = saved else {
            let new =
                NewAccount { contact: &contacts, terms_of_service_agreed: true, only_return_existing: false };
            let (account, credentials) = builder.create(&new, options.directory.clone(), None).await?;
            let saved = SavedAccount { contacts: options.contacts.clone(), credentials };
            if let Err(error) = self.store.save_account(&saved) {
                warn!("the account with the CA is not kept: {error}");
            }
            return Ok(account);
        };
        let had = saved.contacts;
        let account = builder.from_credentials(saved.credentials).await?;
        if had != options.contacts {
            account.update_contacts(&contacts).await?;
            // What the account is has been taken out by the library.
            if let Ok(Some(saved)) = self.store.account() {
                self.store.save_account(&SavedAccount { contacts: options.contacts.clone(), ..saved })?;
            }
        }
        Ok(account)
    }
}

impl Standing {
    /// Returns when to renew this certificate. `None` if it isn't good for all of these names.
    fn of(key: &CertifiedKey, domains: &[String]) -> Option<Standing> {
        let certificate = key.cert.first()?;
        let leaf = Leaf::read(certificate)?;
        let parsed = ParsedCertificate::try_from(certificate).ok()?;
        let is_for = |domain: &String| {
            ServerName::try_from(domain.as_str()).is_ok_and(|name| verify_server_name(&parsed, &name).is_ok())
        };
        if !domains.iter().all(is_for) {
            return None;
        }
        let jitter = rand::random();
        let renew_at = schedule::renew_at(leaf.validity, jitter);
        Some(Standing { leaf, jitter, renew_at, ask_at: i64::MIN, has_window: false })
    }

    async fn ask(
        &mut self,
        saved: SavedAccount,
        client: Box<dyn HttpClient>,
    ) -> Result<(), instant_acme::Error> {
        let identifier = identifier(&self.leaf).ok_or("no identifier of its CA's key")?;
        let account = Account::builder_with_http(client).from_credentials(saved.credentials).await?;
        let (info, again) = account.renewal_info(&identifier).await?;
        let window = info.suggested_window;
        self.renew_at =
            schedule::renew_within(window.start.unix_timestamp(), window.end.unix_timestamp(), self.jitter);
        self.has_window = true;
        let again = i64::try_from(again.as_secs()).unwrap_or(i64::MAX);
        self.ask_at = now().saturating_add(again.clamp(*ASK_AGAIN.start(), *ASK_AGAIN.end()));
        Ok(())
    }
}

/// Returns by what the CA knows a certificate.
fn identifier(leaf: &Leaf) -> Option<CertificateIdentifier<'static>> {
    let authority = leaf.authority_key_identifier.as_deref()?;
    Some(CertificateIdentifier::new(Der::from_slice(authority), Der::from_slice(&leaf.serial)).into_owned())
}

/// Returns how the CA shall look this time. With two ways, the one that failed isn't tried again at once.
fn challenge(has_http: bool, failures: u32) -> Challenge {
    if has_http && failures.is_multiple_of(2) { Challenge::Http } else { Challenge::TlsAlpn }
}

fn now() -> i64 {
    i64::try_from(since_1970().as_secs()).unwrap_or(i64::MAX)
}

fn in_words(wait: Duration) -> String {
    match wait.as_secs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds => format!("{} min", seconds / 60),
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;

    use bytes::Bytes;
    use http::{Request, Response};
    use http_body_util::Full;
    use instant_acme::{BodyWrapper, BytesResponse};
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

    use super::*;

    /// A CA that says when to renew: Debian's Pebble doesn't.
    struct Suggests(&'static str);

    impl HttpClient for Suggests {
        fn request(
            &self,
            request: Request<BodyWrapper<Bytes>>,
        ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, instant_acme::Error>> + Send>> {
            let body = match request.uri().path() {
                "/dir" => r#"{"newNonce":"","newAccount":"","newOrder":"","renewalInfo":"https://ca/ari"}"#,
                // The identifier of the certificate below.
                "/ari/AQID.AIdl" => self.0,
                _ => "",
            };
            let response =
                Response::builder().header("retry-after", "21600").body(Full::new(Bytes::from(body)));
            Box::pin(async move { Ok(BytesResponse::from(response?)) })
        }
    }

    fn standing() -> Standing {
        let mut ca = CertificateParams::new([]).unwrap();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.key_identifier_method = rcgen::KeyIdMethod::PreSpecified(vec![1, 2, 3]);
        let issuer = Issuer::new(ca, KeyPair::generate().unwrap());
        let mut leaf = CertificateParams::new(["call.example".to_owned()]).unwrap();
        leaf.serial_number = Some(rcgen::SerialNumber::from(vec![0x87, 0x65]));
        leaf.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().unwrap();
        let pem = key.serialize_pem() + &leaf.signed_by(&key, &issuer).unwrap().pem();
        let path = std::path::Path::new("");
        let key = super::super::certificate::PemPair::of_one(pem.as_bytes()).parse(path, path).unwrap();
        assert!(Standing::of(&key, &["call.example".to_owned(), "other.example".to_owned()]).is_none());
        Standing::of(&key, &["call.example".to_owned()]).unwrap()
    }

    fn saved() -> SavedAccount {
        let (_, key) = instant_acme::Key::generate_pkcs8().unwrap();
        let key = base64::Engine::encode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, key.secret_pkcs8_der());
        let credentials =
            serde_json::json!({"id": "https://ca/1", "key_pkcs8": key, "directory": "https://ca/dir"});
        SavedAccount { contacts: Vec::new(), credentials: serde_json::from_value(credentials).unwrap() }
    }

    #[tokio::test]
    async fn the_ca_says_when_to_renew() {
        let mut standing = standing();
        let before = standing.renew_at;
        assert!(!standing.has_window);
        assert!(standing.ask(saved(), Box::new(Suggests("nonsense"))).await.is_err());
        assert_eq!((standing.renew_at, standing.has_window), (before, false));
        let window =
            r#"{"suggestedWindow": {"start": "2030-01-01T00:00:00Z", "end": "2030-01-02T00:00:00Z"}}"#;
        standing.ask(saved(), Box::new(Suggests(window))).await.unwrap();
        let start = 1_893_456_000;
        assert!((start..=start + 24 * 60 * 60).contains(&standing.renew_at), "{}", standing.renew_at);
        assert!(standing.has_window);
        assert!((6 * 60 * 60 - 10..=6 * 60 * 60).contains(&(standing.ask_at - now())));
    }

    #[test]
    fn the_way_that_failed_is_not_tried_again_at_once() {
        assert_eq!([0, 1, 2].map(|failures| challenge(false, failures)), [Challenge::TlsAlpn; 3]);
        let ways = [Challenge::Http, Challenge::TlsAlpn, Challenge::Http];
        assert_eq!([0, 1, 2].map(|failures| challenge(true, failures)), ways);
    }
}
