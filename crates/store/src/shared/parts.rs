//! Parts of long texts: kept one by one, joined into one incoming, each once.

use super::inbound::take_in;
use super::*;
use domain::conversation::Via;
use domain::*;
use serde_json::json;

crate::statements! {
    TAKE_PART = concat!("INSERT INTO part (district, replay, via, received, sent_from, sent_to, raw, carrier_answered, name, number, total) SELECT CAST(e.value ->> 0 AS BIGINT), e.value ->> 1, CAST(e.value ->> 2 AS BIGINT), CAST(e.value ->> 3 AS BIGINT), e.value ->> 4, e.value ->> 5, ", bytes!("e.value ->> 6"), ", CAST(e.value ->> 7 AS BIGINT), e.value ->> 8, CAST(e.value ->> 9 AS BIGINT), CAST(e.value ->> 10 AS BIGINT) FROM ", rows!("$1"), " WHERE true ON CONFLICT (district, replay) DO NOTHING");
    OPEN_PARTS = "SELECT replay, via, received, sent_from, sent_to, raw, carrier_answered, name, number, total FROM part WHERE district = $1 AND joined IS NULL ORDER BY received, replay LIMIT $2";
    JOIN_PARTS = concat!("UPDATE part SET joined = $2 WHERE district = $1 AND joined IS NULL AND replay IN (SELECT e.value ->> 0 FROM ", rows!("$3"), ")");
}

/// Keeps a part; a repeated key is dropped.
pub(super) async fn take(conn: &mut Conn, district: DistrictId, part: &NewPart) -> Stored<()> {
    let row = &part.row;
    let set = json!([[
        district,
        clean(&row.key),
        row.via.code(),
        row.received,
        clean(&row.from),
        clean(&row.to),
        hex(&row.raw),
        i64::from(row.carrier_answered),
        clean(&part.set),
        part.number,
        part.of
    ]]);
    sqlx::query::<Db>(TAKE_PART).bind(to_json(&set)?).execute(conn).await.map_err(fault)?;
    Ok(())
}

/// What waits for its other parts, oldest first.
pub(super) async fn open(conn: &mut Conn, district: DistrictId, most: i64) -> Stored<Vec<NewPart>> {
    let rows = sqlx::query::<Db>(OPEN_PARTS).bind(district.0).bind(most).fetch_all(conn).await.map_err(fault)?;
    let part = |row: &DbRow| {
        Ok(NewPart {
            row: NewIncoming {
                id: IncomingId(0),
                key: text(row, 0)?,
                via: Via::from_code(int(row, 1)? as i16).unwrap_or(Via::Sms),
                received: Time(int(row, 2)?),
                from: text(row, 3)?,
                to: text(row, 4)?,
                raw: row.try_get(5).map_err(fault)?,
                carrier_answered: int(row, 6)? != 0,
            },
            set: text(row, 7)?,
            number: int(row, 8)? as u16,
            of: int(row, 9)? as u16,
        })
    };
    rows.iter().map(part).collect()
}

/// Makes one incoming of these parts. False: somebody else has joined one of them.
pub(super) async fn join(conn: &mut Conn, district: DistrictId, whole: &NewIncoming, parts: &[String]) -> Stored<bool> {
    let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
    let keys = to_json(&parts.iter().map(|key| [clean(key)]).collect::<Vec<_>>())?;
    let query = sqlx::query::<Db>(JOIN_PARTS).bind(district.0).bind(whole.id.0).bind(keys);
    if query.execute(&mut *step).await.map_err(fault)?.rows_affected() != parts.len() as u64 {
        return Ok(false);
    }
    take_in(&mut step, &[(district, whole.clone())]).await?;
    step.commit().await.map_err(fault)?;
    Ok(true)
}
