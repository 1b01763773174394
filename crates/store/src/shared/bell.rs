//! How one node tells the others that a district changed: a number that only grows. Nothing is known of what changed, and a
//! number that was missed is no loss: the next one says the same.

use super::*;

crate::statements! {
    // In the order of the key, so that two nodes never wait for each other.
    RING = concat!("INSERT INTO bell (district, rung) SELECT CAST(e.value AS BIGINT), 1 FROM ", list!("$1"), " WHERE true ORDER BY 1 ON CONFLICT (district) DO UPDATE SET rung = bell.rung + 1 RETURNING district, rung");
    RUNG = "SELECT district, rung FROM bell";
}

fn numbers(rows: &[DbRow]) -> Stored<Vec<(DistrictId, i64)>> {
    rows.iter().map(|row| Ok((DistrictId(int(row, 0)?), int(row, 1)?))).collect()
}

/// See [`Directory::ring`].
pub(super) async fn ring(conn: &mut Conn, districts: &[DistrictId]) -> Stored<Vec<(DistrictId, i64)>> {
    let set: std::collections::BTreeSet<i64> = districts.iter().map(|district| district.0).collect();
    if set.is_empty() {
        return Ok(Vec::new());
    }
    numbers(&sqlx::query::<Db>(RING).bind(id_list(set)).fetch_all(conn).await.map_err(fault)?)
}

/// See [`Directory::rung`].
pub(super) async fn rung(conn: &mut Conn) -> Stored<Vec<(DistrictId, i64)>> {
    numbers(&sqlx::query::<Db>(RUNG).fetch_all(conn).await.map_err(fault)?)
}
