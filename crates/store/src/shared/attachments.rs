//! [`Attachments`]: links at once, bytes later, both beside the text they came with.

use super::*;
use domain::media::MediaKind;
use domain::*;
use serde_json::json as value;

crate::statements! {
    ATTACH = concat!("INSERT INTO attachment (district, replay, number, account, link, state, kind, size, tries, opens, reason) SELECT $1, e.value ->> 0, CAST(e.value ->> 1 AS BIGINT), e.value ->> 2, e.value ->> 3, 0, 0, 0, 0, CAST(e.value ->> 4 AS BIGINT), '' FROM ", rows!("$2"), " WHERE true ON CONFLICT (district, replay, number) DO NOTHING");
    FETCHING = "SELECT id FROM district WHERE EXISTS (SELECT 1 FROM attachment a WHERE a.district = district.id AND a.state = 0 AND a.opens <= $1)";
    TO_FETCH = concat!("WITH next AS MATERIALIZED (SELECT replay, number FROM attachment WHERE district = $1 AND state = 0 AND opens <= $2 ORDER BY opens LIMIT $4", skip_locked!(), ") UPDATE attachment SET opens = $3, tries = tries + 1 FROM next WHERE attachment.district = $1 AND attachment.replay = next.replay AND attachment.number = next.number RETURNING attachment.replay, attachment.number, attachment.account, attachment.link, attachment.tries");
    TRIED = "UPDATE attachment SET state = $4, kind = $5, size = $6, opens = $7, reason = $8 WHERE district = $1 AND replay = $2 AND number = $3 AND state = 0 AND tries = $9";
    KEEP_BYTES = "INSERT INTO attachment_bytes (district, replay, number, bytes) VALUES ($1, $2, $3, $4) ON CONFLICT (district, replay, number) DO UPDATE SET bytes = excluded.bytes";
    OWNER = "SELECT id, contact, sender, thread FROM incoming WHERE district = $1 AND replay = $2 AND place <> 0";
    ATTACHED = concat!("SELECT i.id, a.number, a.state, a.kind, a.size, a.reason FROM incoming i JOIN attachment a ON a.district = i.district AND a.replay = i.replay WHERE i.district = $1 AND i.id", one_of!("$2"), " ORDER BY i.id, a.number");
    BYTES_OF = "SELECT a.kind, b.bytes FROM incoming i JOIN attachment a ON a.district = i.district AND a.replay = i.replay JOIN attachment_bytes b ON b.district = a.district AND b.replay = a.replay AND b.number = a.number WHERE i.district = $1 AND i.id = $2 AND a.number = $3 AND a.state = 1";
    STANDS_IN = "SELECT 1 FROM incoming WHERE district = $1 AND id = $2 AND thread = $3";
    FETCH_AGAIN = "UPDATE attachment SET state = 0, tries = 0, opens = $4, reason = '' WHERE district = $1 AND replay = (SELECT i.replay FROM incoming i WHERE i.district = $1 AND i.id = $2) AND number = $3 AND state = 2";
}

/// What came with these incoming.
pub(super) async fn attached(conn: &mut Conn, district: DistrictId, incoming: &[IncomingId]) -> Stored<Vec<Attached>> {
    if incoming.is_empty() {
        return Ok(Vec::new());
    }
    let ids = id_list(incoming.iter().map(|id| id.0));
    let rows = sqlx::query::<Db>(ATTACHED).bind(district.0).bind(ids).fetch_all(conn).await.map_err(fault)?;
    let row = |row: &DbRow| {
        let here = int(row, 2)? == 1;
        Ok(Attached {
            incoming: IncomingId(int(row, 0)?),
            number: int(row, 1)? as i16,
            kind: MediaKind::from_code(int(row, 3)? as i16).filter(|_| here),
            size: int(row, 4)?,
            reason: text(row, 5)?,
        })
    };
    rows.iter().map(row).collect()
}

#[async_trait::async_trait]
impl Attachments for Handle {
    async fn attach(&self, district: DistrictId, rows: &[NewAttachment]) -> Stored<()> {
        let row = |row: &NewAttachment| value!([clean(&row.key), row.number, clean(&row.account), clean(&row.link), row.at]);
        let set = to_json(&rows.iter().map(row).collect::<Vec<_>>())?;
        within(async {
            let mut conn = self.lines.write().await?;
            sqlx::query::<Db>(ATTACH).bind(district.0).bind(set).execute(&mut *conn).await.map_err(fault)?;
            Ok(())
        })
        .await
    }

    async fn fetching(&self, now: Time) -> Stored<Vec<DistrictId>> {
        let mut conn = self.lines.read().await?;
        let rows = sqlx::query::<Db>(FETCHING).bind(now.0).fetch_all(&mut *conn).await.map_err(fault)?;
        rows.iter().map(|row| Ok(DistrictId(int(row, 0)?))).collect()
    }

    async fn to_fetch(&self, district: DistrictId, now: Time, until: Time, most: i64) -> Stored<Vec<ToFetch>> {
        let mut conn = self.lines.write().await?;
        let query = sqlx::query::<Db>(TO_FETCH).bind(district.0).bind(now.0).bind(until.0).bind(most);
        let row = |row: &DbRow| {
            Ok(ToFetch {
                key: text(row, 0)?,
                number: int(row, 1)? as i16,
                account: text(row, 2)?,
                link: text(row, 3)?,
                tries: int(row, 4)?,
            })
        };
        query.fetch_all(&mut *conn).await.map_err(fault)?.iter().map(row).collect()
    }

    async fn tried(&self, district: DistrictId, row: &ToFetch, tried: &Tried, task: Option<&NewTask>) -> Stored<bool> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let (state, kind, size, opens, reason) = match tried {
            Tried::Here { kind, bytes } => (1_i64, *kind, bytes.len() as i64, Time(0), ""),
            Tried::Again(at) => (0, MediaKind::Other, 0, *at, ""),
            Tried::GivenUp(why) => (2, MediaKind::Other, 0, Time(0), why.as_str()),
        };
        let query = sqlx::query::<Db>(TRIED).bind(district.0).bind(&row.key).bind(i64::from(row.number)).bind(state);
        let query = query.bind(i64::from(kind.code())).bind(size).bind(opens.0).bind(clean(reason)).bind(row.tries);
        if query.execute(&mut *step).await.map_err(fault)?.rows_affected() == 0 {
            return Ok(false);
        }
        if let Tried::Here { bytes, .. } = tried {
            let query = sqlx::query::<Db>(KEEP_BYTES).bind(district.0).bind(&row.key).bind(i64::from(row.number)).bind(bytes.as_slice());
            query.execute(&mut *step).await.map_err(fault)?;
        }
        planning::tasks(&mut step, district, &task.cloned().into_iter().collect::<Vec<_>>()).await?;
        step.commit().await.map_err(fault)?;
        Ok(true)
    }

    async fn owner(&self, district: DistrictId, key: &str) -> Stored<Option<Owner>> {
        let mut conn = self.lines.read().await?;
        let row = sqlx::query::<Db>(OWNER).bind(district.0).bind(key).fetch_optional(&mut *conn).await.map_err(fault)?;
        row.map(|row| {
            let (contact, sender, thread) = (maybe(&row, 1)?, maybe(&row, 2)?, maybe(&row, 3)?);
            let incoming = IncomingId(int(&row, 0)?);
            Ok(Owner { incoming, contact: contact.map(ContactId), sender: sender.map(SenderId), thread: thread.map(ThreadId) })
        })
        .transpose()
    }

    async fn attached(&self, district: DistrictId, incoming: &[IncomingId]) -> Stored<Vec<Attached>> {
        attached(&mut *self.lines.read().await?, district, incoming).await
    }

    async fn bytes(&self, district: DistrictId, incoming: IncomingId, number: i16) -> Stored<Option<(MediaKind, Vec<u8>)>> {
        let mut conn = self.lines.read().await?;
        let query = sqlx::query::<Db>(BYTES_OF).bind(district.0).bind(incoming.0).bind(i64::from(number));
        let row = query.fetch_optional(&mut *conn).await.map_err(fault)?;
        row.map(|row| {
            let kind = MediaKind::from_code(int(&row, 0)? as i16).unwrap_or(MediaKind::Other);
            Ok((kind, row.try_get(1).map_err(fault)?))
        })
        .transpose()
    }

    async fn stands_in(&self, district: DistrictId, incoming: IncomingId, thread: ThreadId) -> Stored<bool> {
        let mut conn = self.lines.read().await?;
        let query = sqlx::query::<Db>(STANDS_IN).bind(district.0).bind(incoming.0).bind(thread.0);
        Ok(query.fetch_optional(&mut *conn).await.map_err(fault)?.is_some())
    }

    async fn fetch_again(&self, district: DistrictId, incoming: IncomingId, number: i16, now: Time) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        let query = sqlx::query::<Db>(FETCH_AGAIN).bind(district.0).bind(incoming.0).bind(i64::from(number)).bind(now.0);
        query.execute(&mut *conn).await.map_err(fault)?;
        Ok(())
    }
}
