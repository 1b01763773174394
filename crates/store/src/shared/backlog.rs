//! What waits in the whole house, and the database's clock: reads for whoever operates it. Each count walks a partial index
//! and stops at [`Backlog::MOST`]; none looks at a whole table, and none reads whose rows they are.

use super::*;
use domain::message::Lane;
use domain::*;

crate::statements! {
    CLOCK = concat!("SELECT ", clock!());
    QUEUE = concat!("SELECT CAST(SUM((SELECT COUNT(*) FROM (SELECT 1 FROM ", waiting!(from), " WHERE q.sender = s.id AND q.lane = $1 AND ", waiting!(which), " AND q.opens <= $2 LIMIT $3) AS capped)) AS BIGINT), MIN((SELECT q.opens FROM ", waiting!(from), " WHERE q.sender = s.id AND q.lane = $1 AND ", waiting!(which), " AND q.opens <= $2 ORDER BY q.opens LIMIT 1)) FROM sender s");
    INCOMING = "SELECT CAST(SUM((SELECT COUNT(*) FROM (SELECT 1 FROM incoming i WHERE i.district = t.id AND i.place = 0 LIMIT $1) AS capped)) AS BIGINT), MIN((SELECT i.received FROM incoming i WHERE i.district = t.id AND i.place = 0 ORDER BY i.id LIMIT 1)) FROM district t";
    OPEN_HOLDS = "SELECT CAST(SUM((SELECT COUNT(*) FROM (SELECT 1 FROM hold h WHERE h.district = t.id AND h.open = 1 LIMIT $1) AS capped)) AS BIGINT), MIN((SELECT h.due FROM hold h WHERE h.district = t.id AND h.open = 1 ORDER BY h.due LIMIT 1)) FROM district t";
    LATE_CLAIMS = concat!("SELECT CAST(SUM((SELECT COUNT(*) FROM (SELECT 1 FROM delivery d WHERE d.district = t.id AND d.state = 1 AND d.claimed_until <= $2", under_way!("d", "t.id", "$2"), " LIMIT $1) AS capped)) AS BIGINT), MIN((SELECT d.claimed_until FROM delivery d WHERE d.district = t.id AND d.state = 1 AND d.claimed_until <= $2", under_way!("d", "t.id", "$2"), " ORDER BY d.claimed_until LIMIT 1)) FROM district t");
    NODES = "SELECT COUNT(*) FROM node WHERE ends > $1";
}

/// See [`Directory::clock`].
pub(super) async fn clock(conn: &mut Conn) -> Stored<Time> {
    Ok(Time(int(&sqlx::query::<Db>(CLOCK).fetch_one(conn).await.map_err(fault)?, 0)?))
}

/// See [`Directory::backlog`].
pub(super) async fn backlog(conn: &mut Conn, now: Time) -> Stored<Backlog> {
    let mut backlog = Backlog::default();
    for lane in Lane::ALL {
        let query = sqlx::query::<Db>(QUEUE).bind(i64::from(lane.code())).bind(now.0).bind(Backlog::MOST);
        backlog.lanes.push((*lane, waiting(&query.fetch_one(&mut *conn).await.map_err(fault)?)?));
    }
    let incoming = sqlx::query::<Db>(INCOMING).bind(Backlog::MOST).fetch_one(&mut *conn).await.map_err(fault)?;
    backlog.incoming = waiting(&incoming)?;
    let holds = sqlx::query::<Db>(OPEN_HOLDS).bind(Backlog::MOST).fetch_one(&mut *conn).await.map_err(fault)?;
    backlog.holds = waiting(&holds)?;
    let late = sqlx::query::<Db>(LATE_CLAIMS).bind(Backlog::MOST).bind(now.0).fetch_one(&mut *conn).await.map_err(fault)?;
    backlog.late_claims = waiting(&late)?;
    backlog.nodes = int(&sqlx::query::<Db>(NODES).bind(now.0).fetch_one(&mut *conn).await.map_err(fault)?, 0)?;
    Ok(backlog)
}

/// A sum over nothing is NULL.
fn waiting(row: &DbRow) -> Stored<Waiting> {
    Ok(Waiting { rows: maybe(row, 0)?.unwrap_or_default(), oldest: maybe(row, 1)?.map(Time) })
}
