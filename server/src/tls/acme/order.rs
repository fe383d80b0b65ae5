//! One certificate: ordered, shown to be ours, and fetched (RFC 8555, section 7.4).

use std::time::Duration;

use instant_acme::{
    Account, AuthorizationStatus, CertificateIdentifier, Error, Identifier, NewOrder, Order, OrderStatus,
    Problem, RetryPolicy,
};

use super::challenges::{Challenge, Challenges};
use super::trouble::Trouble;

/// How the CA is asked whether it is done.
const PATIENCE: RetryPolicy =
    RetryPolicy::new().initial_delay(Duration::from_millis(250)).timeout(Duration::from_secs(120));

/// What is ordered.
pub(super) struct Wanted<'a> {
    pub(super) domains: &'a [String],
    pub(super) replaces: Option<CertificateIdentifier<'static>>,
    /// How the CA shall look, if it offers that.
    pub(super) challenge: Challenge,
}

/// Returns a new private key and the certificate with its chain, in PEM.
pub(super) async fn fetch(
    account: &Account,
    wanted: Wanted<'_>,
    challenges: &Challenges,
) -> Result<String, Trouble> {
    let identifiers: Vec<Identifier> =
        wanted.domains.iter().map(|domain| Identifier::Dns(domain.clone())).collect();
    let mut new_order = NewOrder::new(&identifiers);
    if let Some(replaced) = wanted.replaces {
        new_order = new_order.replaces(replaced);
    }
    let mut order = account.new_order(&new_order).await?;
    {
        let _shown = challenges.until_dropped();
        show(&mut order, wanted.challenge, challenges).await?;
        match order.poll_ready(&PATIENCE).await {
            Ok(OrderStatus::Ready) => {}
            Ok(_) => return Err(why_not(&mut order, wanted.challenge, None).await),
            Err(Error::Api(problem)) => {
                return Err(why_not(&mut order, wanted.challenge, Some(problem)).await);
            }
            Err(error) => return Err(error.into()),
        }
    }
    let key = order.finalize().await?;
    let chain = order.poll_certificate(&PATIENCE).await?;
    Ok(key + &chain)
}

/// Answers all challenges. The CA looks as soon as it is told that it may.
async fn show(order: &mut Order, challenge: Challenge, challenges: &Challenges) -> Result<(), Trouble> {
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        // It may remember one from before.
        if authorization.status == AuthorizationStatus::Valid {
            continue;
        }
        let domain = authorization.identifier().to_string();
        let mut asked = authorization.challenge(challenge.of_protocol()).ok_or(Trouble::NoChallenge)?;
        challenges.add(&domain, &asked.token, &asked.key_authorization())?;
        asked.set_ready().await?;
    }
    Ok(())
}

/// Returns which name the CA doesn't take for ours, and why.
async fn why_not(order: &mut Order, challenge: Challenge, of_order: Option<Problem>) -> Trouble {
    let mut authorizations = order.authorizations();
    while let Some(Ok(mut authorization)) = authorizations.next().await {
        if authorization.refresh().await.is_err() {
            continue;
        }
        let domain = authorization.identifier().to_string();
        let of_challenge = authorization.challenges.iter().find_map(|challenge| challenge.error.clone());
        if let Some(problem) = of_challenge {
            return Trouble::not_ours(&domain, challenge, problem);
        }
    }
    match of_order {
        Some(problem) => Error::Api(problem).into(),
        None => Trouble::Other(Error::Str("why the CA refused")),
    }
}
