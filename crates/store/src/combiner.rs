//! Many callers' rows, one statement, one commit; each caller gets its own answers. A group that is refused is retried caller
//! by caller, so that one bad row does not fail its neighbours; where the database is away, all hear so at once.

use domain::ports::{Meter, StoreFault, Stored};
use futures_util::future::BoxFuture;
use std::sync::Arc;
use tokio::sync::{Mutex, mpsc, oneshot};

type Job<R, O> = (Vec<R>, oneshot::Sender<Stored<Vec<O>>>);

/// See the module.
pub(crate) struct Combiner<R, O> {
    jobs: mpsc::Sender<Job<R, O>>,
}

impl<R: Send + Clone + 'static, O: Send + 'static> Combiner<R, O> {
    /// Starts `tasks` workers; `body` writes a group and answers one `O` per row.
    pub(crate) fn start(
        tasks: usize,
        most: usize,
        meter: Arc<dyn Meter>,
        body: impl Fn(Vec<R>) -> BoxFuture<'static, Stored<Vec<O>>> + Send + Sync + 'static,
    ) -> Self {
        let (jobs, inbox) = mpsc::channel::<Job<R, O>>(4096);
        let inbox = Arc::new(Mutex::new(inbox));
        let body = Arc::new(body);
        for _ in 0..tasks {
            let (inbox, body, meter) = (inbox.clone(), body.clone(), meter.clone());
            tokio::spawn(async move {
                loop {
                    let mut group = Vec::new();
                    if inbox.lock().await.recv_many(&mut group, most).await == 0 {
                        return;
                    }
                    let all: Vec<R> = group.iter().flat_map(|job| job.0.iter().cloned()).collect();
                    let rows = all.len();
                    match body(all).await {
                        Ok(answers) => {
                            meter.committed(rows);
                            let mut answers = answers.into_iter();
                            for (rows, back) in group {
                                let _ = back.send(Ok(answers.by_ref().take(rows.len()).collect()));
                            }
                        }
                        // Tried again one by one, each would wait as long as the group did.
                        Err(StoreFault::Away(why)) => {
                            for (_, back) in group {
                                let _ = back.send(Err(StoreFault::Away(why.clone())));
                            }
                        }
                        Err(StoreFault::Refused(_) | StoreFault::Taken) => {
                            for (rows, back) in group {
                                let alone = rows.len();
                                let answer = body(rows).await;
                                if answer.is_ok() {
                                    meter.committed(alone);
                                }
                                let _ = back.send(answer);
                            }
                        }
                    }
                }
            });
        }
        Self { jobs }
    }

    /// Waits for the commit that holds these rows.
    pub(crate) async fn ask(&self, rows: Vec<R>) -> Stored<Vec<O>> {
        let (back, answer) = oneshot::channel();
        let closed = || StoreFault::Away("the store is closing".into());
        self.jobs.send((rows, back)).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// How three callers in one group fare, and how often the body ran, where it answers groups like this.
    async fn three(body: impl Fn(&[i32]) -> Stored<()> + Send + Sync + 'static) -> (Vec<Stored<Vec<i32>>>, usize) {
        let runs = Arc::new(AtomicUsize::new(0));
        let (counted, body) = (runs.clone(), Arc::new(body));
        let combiner = Combiner::start(1, 256, Arc::new(()), move |rows: Vec<i32>| {
            counted.fetch_add(1, Ordering::SeqCst);
            let answer = body(&rows).map(|()| rows);
            Box::pin(async move { answer })
        });
        let (first, second, third) = tokio::join!(combiner.ask(vec![1]), combiner.ask(vec![2]), combiner.ask(vec![3]));
        (vec![first, second, third], runs.load(Ordering::SeqCst))
    }

    #[tokio::test]
    async fn one_bad_row_fails_alone_and_a_database_that_is_away_is_asked_once() {
        let refused = || Err(StoreFault::Refused("a row".into()));
        let (answers, runs) = three(move |rows| if rows.contains(&2) { refused() } else { Ok(()) }).await;
        assert_eq!(runs, 4, "together, then one by one");
        assert!(matches!(&answers[..], [Ok(first), Err(StoreFault::Refused(_)), Ok(third)] if first == &[1] && third == &[3]));
        let (answers, runs) = three(|_| Err(StoreFault::Away("locked".into()))).await;
        assert_eq!(runs, 1, "nobody waits for it a second time");
        assert!(answers.iter().all(|answer| matches!(answer, Err(StoreFault::Away(_)))));
    }
}
