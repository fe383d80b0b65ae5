//! Who is in a call is served before everybody else.
//!
//! The runtime runs tasks in the order in which they have something to do. Twenty strangers with a large
//! frame each would come before a frame of a call that is there a moment later. So what may wait takes turns:
//! one thing at a time, and each when nothing else is to be done.

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::yield_now;

/// The queue of what may wait.
#[derive(Debug)]
pub(crate) struct Turns {
    one: Semaphore,
}

/// A turn, until this is dropped.
pub(crate) type Turn<'a> = Option<SemaphorePermit<'a>>;

impl Default for Turns {
    fn default() -> Turns {
        Turns { one: Semaphore::new(1) }
    }
}

impl Turns {
    /// Waits until it is one's turn. Must not be held while something else is waited for.
    pub(crate) async fn take(&self) -> Turn<'_> {
        // Fails only if the semaphore is closed, which nobody does.
        let turn = self.one.acquire().await.ok();
        // The runtime comes back once no other task has anything to do, or many of them have had their turn.
        yield_now().await;
        turn
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Everybody's task is ready at once, those of the strangers first.
    #[tokio::test]
    async fn who_needs_no_turn_comes_first() {
        let (turns, served) = (Arc::new(Turns::default()), Arc::new(Mutex::new(Vec::new())));
        let mut tasks = Vec::new();
        for stranger in 0..3 {
            let (turns, served) = (turns.clone(), served.clone());
            tasks.push(tokio::spawn(async move {
                let _turn = turns.take().await;
                served.lock().unwrap().push(format!("stranger {stranger}"));
            }));
        }
        for partner in 0..2 {
            let served = served.clone();
            tasks.push(tokio::spawn(async move {
                for frame in 0..2 {
                    served.lock().unwrap().push(format!("partner {partner} frame {frame}"));
                    tokio::task::consume_budget().await;
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        let served = served.lock().unwrap();
        let strangers = served.iter().position(|who| who.starts_with("stranger")).unwrap();
        assert_eq!((strangers, served.len()), (4, 7), "{served:?}");
    }

    /// After each stranger, who is in a call may come between.
    #[tokio::test]
    async fn strangers_come_one_at_a_time() {
        let (turns, served) = (Arc::new(Turns::default()), Arc::new(Mutex::new(Vec::new())));
        let wake = Arc::new(tokio::sync::Notify::new());
        let mut tasks = Vec::new();
        for _ in 0..3 {
            let (turns, served, wake) = (turns.clone(), served.clone(), wake.clone());
            tasks.push(tokio::spawn(async move {
                let _turn = turns.take().await;
                served.lock().unwrap().push("stranger");
                wake.notify_one();
            }));
        }
        let partner = async {
            for _ in 0..3 {
                wake.notified().await;
                served.lock().unwrap().push("partner");
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(5), partner)
            .await
            .expect("all three come together");
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*served.lock().unwrap(), ["stranger", "partner"].repeat(3));
    }
}
