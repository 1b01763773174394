//! Many callers' rows, one statement, one commit; each caller gets its own answers. A group that fails is retried caller by
//! caller, so that one bad row does not fail its neighbours.

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
                        Err(_) => {
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
