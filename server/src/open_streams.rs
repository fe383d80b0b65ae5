//! How many TCP connections are open, in all and from each address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::HeaderMap;
use ipnet::IpNet;

use crate::client_address::address_of;
use crate::hub::ClientAddress;
use crate::pace::{ADDRESS_RATE, ReadBudget};
use crate::refusals::Refusal;

/// The bounds of [`OpenStreams`].
#[derive(Clone, Debug)]
pub(crate) struct StreamLimits {
    pub(crate) in_all: usize,
    /// From one address, except a trusted proxy's.
    pub(crate) of_address: usize,
    pub(crate) trusted_proxies: Arc<[IpNet]>,
}

/// How many bytes to read cost as much as to open a connection. Whoever is closed and comes back, over and
/// over, is read no faster than others.
const OPENING_BYTES: usize = 32 * 1024;
/// How many addresses are kept before those of which nothing is left are looked for.
const SWEEP_FROM: usize = 1024;

/// Counts the open connections.
#[derive(Debug)]
pub(crate) struct OpenStreams {
    limits: StreamLimits,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    in_all: usize,
    of_address: HashMap<ClientAddress, OfAddress>,
}

#[derive(Debug)]
struct OfAddress {
    open: usize,
    budget: ReadBudget,
}

/// One open connection. Dropping it is its end.
#[derive(Debug)]
pub(crate) struct StreamPlace {
    streams: Arc<OpenStreams>,
    address: ClientAddress,
}

impl OpenStreams {
    pub(crate) fn new(limits: StreamLimits) -> OpenStreams {
        OpenStreams { limits, open: Mutex::default() }
    }

    /// Counts a connection from there.
    ///
    /// # Errors
    /// If there are too many.
    pub(crate) fn enter(self: &Arc<Self>, peer: IpAddr) -> Result<StreamPlace, Refusal> {
        let address = address_of(peer, &HeaderMap::new(), &self.limits.trusted_proxies);
        let mut open = self.lock();
        if open.in_all >= self.limits.in_all {
            return Err(Refusal::TooManyConnections);
        }
        if address != ClientAddress::Unknown {
            if open.of_address.len() >= SWEEP_FROM && open.of_address.len() == open.of_address.capacity() {
                open.of_address.retain(|_, it| it.open > 0 || !it.budget.is_like_new());
            }
            let of_address = open.of_address.entry(address);
            let of_address =
                of_address.or_insert_with(|| OfAddress { open: 0, budget: ReadBudget::new(ADDRESS_RATE) });
            if of_address.open >= self.limits.of_address {
                return Err(Refusal::TooManyFromAddress);
            }
            of_address.open += 1;
            of_address.budget.spend(OPENING_BYTES);
        }
        open.in_all += 1;
        Ok(StreamPlace { streams: self.clone(), address })
    }

    /// An answer for somebody there costs as much as to read so many bytes.
    pub(crate) fn spend(&self, peer: IpAddr, bytes: usize) {
        let address = address_of(peer, &HeaderMap::new(), &self.limits.trusted_proxies);
        if let Some(of_address) = self.lock().of_address.get_mut(&address) {
            of_address.budget.spend(bytes);
        }
    }

    /// Returns how many are open.
    pub(crate) fn count(&self) -> usize {
        self.lock().in_all
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StreamPlace {
    /// Returns whether it is a trusted proxy's.
    pub(crate) fn is_of_proxy(&self) -> bool {
        self.address == ClientAddress::Unknown
    }

    /// Returns whether more may be read from its address now.
    pub(crate) fn may_read(&self) -> bool {
        let mut open = self.streams.lock();
        open.of_address.get_mut(&self.address).is_none_or(|of_address| of_address.budget.has_some())
    }

    /// So many bytes came.
    pub(crate) fn spend(&self, bytes: usize) {
        if let Some(of_address) = self.streams.lock().of_address.get_mut(&self.address) {
            of_address.budget.spend(bytes);
        }
    }
}

impl Drop for StreamPlace {
    fn drop(&mut self) {
        let mut open = self.streams.lock();
        open.in_all -= 1;
        if let Some(of_address) = open.of_address.get_mut(&self.address) {
            of_address.open -= 1;
            // What was used stays so for who comes back at once.
            if of_address.open == 0 && of_address.budget.is_like_new() {
                open.of_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn so_many_from_an_address_and_so_many_in_all() {
        let trusted_proxies = Arc::from(["127.0.0.1/32".parse().unwrap()]);
        let limits = StreamLimits { in_all: 5, of_address: 2, trusted_proxies };
        let streams = Arc::new(OpenStreams::new(limits));
        let enter = |address: &str| streams.enter(address.parse().unwrap());
        let one = [enter("192.0.2.1"), enter("192.0.2.1")];
        assert_eq!(enter("192.0.2.1").unwrap_err(), Refusal::TooManyFromAddress);
        let proxy = [enter("127.0.0.1"), enter("127.0.0.1"), enter("127.0.0.1")];
        assert!(one.iter().chain(&proxy).all(Result::is_ok));
        assert_eq!(enter("192.0.2.2").unwrap_err(), Refusal::TooManyConnections);
        tokio::time::advance(std::time::Duration::from_secs(1)).await;
        drop((one, proxy));
        assert_eq!(streams.lock().in_all, 0);
        assert!(streams.lock().of_address.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_comes_back_over_and_over_has_to_wait() {
        let limits = StreamLimits { in_all: 5, of_address: 2, trusted_proxies: Arc::from([]) };
        let streams = Arc::new(OpenStreams::new(limits));
        let opened = || {
            let mut opened = 0;
            while streams.enter(IpAddr::from([192, 0, 2, 1])).unwrap().may_read() {
                opened += 1;
                assert!(opened < 1000, "there is no end");
            }
            opened
        };
        assert_eq!(opened(), 4 * 1024 / 32 - 1);
        assert!(streams.enter(IpAddr::from([192, 0, 2, 2])).unwrap().may_read(), "another address");
        tokio::time::advance(std::time::Duration::from_secs(1)).await;
        assert!((50..70).contains(&opened()));
    }
}
