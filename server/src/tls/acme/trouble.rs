//! Why there is no certificate, in words that say what to do about it.

use std::fmt;

use instant_acme::{Error, Problem};

use super::super::certificate::CertificateError;
use super::challenges::Challenge;
use super::https_client::NoAnswer;
use super::schedule::Failure;

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("{0}. May this host connect to it?")]
    NoAnswer(NoAnswer),
    #[error("{0}. A private CA's root is named by --acme-ca.")]
    Untrusted(NoAnswer),
    #[error("the CA doesn't answer as one does: is --acme-directory the URL of its directory? ({0})")]
    NotACa(Error),
    /// The CA looked whether the name is ours.
    #[error("{domain}: {advice} ({})", Words(problem))]
    NotOurs { domain: String, advice: String, problem: Problem },
    #[error("the CA was asked too often, and that doesn't end sooner by starting again ({})", Words(.0))]
    RateLimited(Problem),
    #[error("the CA doesn't know the account that is kept here ({})", Words(.0))]
    UnknownAccount(Problem),
    #[error("the CA refused: {} ({})", advice_on_refusal(.0), Words(.0))]
    Refused(Problem),
    #[error("the CA offers no way to look that this server knows: TLS-ALPN-01, or HTTP-01 by --http-listen")]
    NoChallenge,
    #[error("the CA took too long")]
    TookTooLong,
    #[error("the certificate that the CA gave isn't for all of the names")]
    OtherNames,
    #[error("the certificate that the CA gave is to be renewed at once: is this machine's clock right?")]
    TooOld,
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    #[error("{0}")]
    Other(Error),
}

impl Trouble {
    /// Returns why the CA doesn't take a name for ours.
    pub(super) fn not_ours(domain: &str, challenge: Challenge, problem: Problem) -> Trouble {
        let port = challenge.port();
        let advice = match kind(&problem) {
            "dns" => "the name leads nowhere. Make an A or AAAA record that points to this host".to_owned(),
            "connection" => format!(
                "the CA can't connect to port {port}. Does the name point to this host, and let its firewall \
                 or router that port in?"
            ),
            "caa" => "a CAA record of the domain leaves certificates to another CA".to_owned(),
            "rateLimited" => return Trouble::RateLimited(problem),
            _ => format!(
                "the CA doesn't find this server at port {port}. Does the name point to this host, and not \
                 to another or to a proxy that ends TLS?"
            ),
        };
        Trouble::NotOurs { domain: domain.to_owned(), advice, problem }
    }

    pub(super) fn failure(&self) -> Failure {
        match self {
            Trouble::NotOurs { .. }
            | Trouble::Refused(_)
            | Trouble::UnknownAccount(_)
            | Trouble::OtherNames
            | Trouble::Certificate(_)
            | Trouble::TooOld => Failure::Counted,
            Trouble::RateLimited(_) => Failure::RateLimited,
            _ => Failure::Free,
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Trouble {
        match error {
            Error::Api(problem) => match kind(&problem) {
                "rateLimited" => Trouble::RateLimited(problem),
                "accountDoesNotExist" => Trouble::UnknownAccount(problem),
                // It is asked anew, with another nonce.
                "badNonce" | "serverInternal" => Trouble::Other(Error::Api(problem)),
                _ => Trouble::Refused(problem),
            },
            Error::Other(other) => match other.downcast::<NoAnswer>() {
                Ok(no_answer) => match *no_answer {
                    NoAnswer::Certificate { .. } => Trouble::Untrusted(*no_answer),
                    _ => Trouble::NoAnswer(*no_answer),
                },
                Err(other) => Trouble::Other(Error::Other(other)),
            },
            Error::Json(_) | Error::InvalidUri(_) | Error::Http(_) => Trouble::NotACa(error),
            Error::Timeout(_) => Trouble::TookTooLong,
            _ => Trouble::Other(error),
        }
    }
}

fn kind(problem: &Problem) -> &str {
    let kind = problem.r#type.as_deref().unwrap_or_default();
    kind.strip_prefix("urn:ietf:params:acme:error:").unwrap_or(kind)
}

fn advice_on_refusal(problem: &Problem) -> &'static str {
    match kind(problem) {
        "rejectedIdentifier" | "unsupportedIdentifier" => "it makes no certificate for such a name",
        "invalidContact" | "unsupportedContact" => "it doesn't take --acme-contact",
        "externalAccountRequired" => {
            "it wants an account that was made with it before, which is not supported"
        }
        "unauthorized" => "the account may not, or not any more",
        _ => "it says why",
    }
}

/// What the CA says, in one line. It may name this host's address, and nobody else's.
struct Words<'a>(&'a Problem);

const LONGEST: usize = 300;

impl fmt::Display for Words<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Words(problem) = self;
        let subproblems = problem.subproblems.iter().filter_map(|problem| problem.detail.as_deref());
        let details: Vec<&str> = problem.detail.as_deref().into_iter().chain(subproblems).collect();
        let details = if details.is_empty() { kind(problem).to_owned() } else { details.join("; ") };
        details.chars().map(|it| if it.is_control() { ' ' } else { it }).take(LONGEST).try_for_each(|it| {
            use fmt::Write;
            formatter.write_char(it)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(kind: &str, detail: &str) -> Problem {
        let json =
            serde_json::json!({"type": format!("urn:ietf:params:acme:error:{kind}"), "detail": detail});
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn each_says_what_to_do() {
        for (kind, challenge, said) in [
            ("dns", Challenge::TlsAlpn, "A or AAAA record"),
            ("connection", Challenge::TlsAlpn, "port 443"),
            ("connection", Challenge::Http, "port 80"),
            ("unauthorized", Challenge::TlsAlpn, "doesn't find this server at port 443"),
            ("caa", Challenge::TlsAlpn, "CAA"),
        ] {
            let trouble = Trouble::not_ours("call.example", challenge, problem(kind, "so\nit\u{1b}[31m is"));
            let text = trouble.to_string();
            assert!(text.starts_with("call.example: ") && text.contains(said), "{text}");
            assert!(text.ends_with("(so it [31m is)"), "{text}");
            assert_eq!(trouble.failure(), Failure::Counted);
        }
        for (kind, failure, said) in [
            ("rateLimited", Failure::RateLimited, "too often"),
            ("accountDoesNotExist", Failure::Counted, "account"),
            ("rejectedIdentifier", Failure::Counted, "such a name"),
            ("unsupportedContact", Failure::Counted, "--acme-contact"),
            ("serverInternal", Failure::Free, "why"),
        ] {
            let trouble = Trouble::from(Error::Api(problem(kind, &"why ".repeat(500))));
            let text = trouble.to_string();
            assert!(text.contains(said), "{text}");
            assert_eq!(trouble.failure(), failure, "{kind}");
        }
        let limited = Trouble::not_ours("call.example", Challenge::Http, problem("rateLimited", ""));
        assert_eq!(limited.failure(), Failure::RateLimited);
    }
}
