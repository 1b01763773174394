//! One rung of the ladder as one transaction, and what is known of a message before it: whoever dies in the middle leaves either
//! the whole rung or none of it.

use super::*;
use domain::delivery::DeliveryState;
use domain::menu::MenuEntry;
use domain::message::MessageState;
use domain::*;

crate::statements! {
    WALKED = "UPDATE delivery SET walked = $3, reason = CASE WHEN CAST($4 AS TEXT) = '' THEN reason ELSE CAST($4 AS TEXT) END WHERE district = $1 AND id = $2 AND walked = 0 AND state IN (4, 6, 7) RETURNING message, contact";
    RUNS = concat!("SELECT state FROM message WHERE district = $1 AND id = $2", for_update!());
    STATE = "SELECT state FROM message WHERE district = $1 AND id = $2";
    CARRIED = concat!("SELECT contact, state FROM delivery WHERE district = $1 AND message = $2 AND contact", one_of!("$3"), " ORDER BY id");
    SUSPEND = "UPDATE contact SET suspended = 1 WHERE district = $1 AND id = $2";
}

/// `delivery.walked`: nothing more is sent.
const BY_HAND: i64 = 1;
/// It goes another way: for its family it counts there.
const ANOTHER_WAY: i64 = 2;

/// See [`Outbound::standing`].
pub(super) async fn standing(
    conn: &mut Conn,
    district: DistrictId,
    message: MessageId,
    contacts: &[ContactId],
) -> Stored<Option<Standing>> {
    let row = sqlx::query::<Db>(STATE).bind(district.0).bind(message.0).fetch_optional(&mut *conn).await.map_err(fault)?;
    let Some(row) = row else {
        return Ok(None);
    };
    let renditions = planning::renditions_of(conn, district, message).await?;
    let ids = id_list(contacts.iter().map(|contact| contact.0));
    let mut carried = Vec::new();
    for row in sqlx::query::<Db>(CARRIED).bind(district.0).bind(message.0).bind(ids).fetch_all(conn).await.map_err(fault)? {
        let state = DeliveryState::from_code(int(&row, 1)? as i16).unwrap_or(DeliveryState::Uncertain);
        carried.push((ContactId(int(&row, 0)?), state));
    }
    Ok(Some(Standing { state: MessageState::from_code(int(&row, 0)? as i16).unwrap_or(MessageState::Withdrawn), renditions, carried }))
}

/// See [`Outbound::walk`].
pub(super) async fn walk(conn: &mut Conn, district: DistrictId, delivery: DeliveryId, rung: &Rung) -> Stored<bool> {
    let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
    let mark = if rung.another_way { ANOTHER_WAY } else { BY_HAND };
    let query = sqlx::query::<Db>(WALKED).bind(district.0).bind(delivery.0).bind(mark).bind(clean(&rung.reason));
    let Some(row) = query.fetch_optional(&mut *step).await.map_err(fault)? else {
        return Ok(false);
    };
    let (message, contact) = (MessageId(int(&row, 0)?), int(&row, 1)?);
    // The message's row is held until the commit: whoever withdraws it waits, and then finds what was made here.
    let row = sqlx::query::<Db>(RUNS).bind(district.0).bind(message.0).fetch_optional(&mut *step).await.map_err(fault)?;
    if row.map(|row| int(&row, 0)).transpose()?.is_some_and(|state| state != i64::from(MessageState::Withdrawn.code())) {
        // What two nodes give away on one line at once, only one does: the other looks anew.
        let menus: Vec<&MenuEntry> = rung.menus.iter().map(|(_, entry)| entry).collect();
        let offered = [planning::offered_by(&rung.deliveries), planning::offered_in(&menus)].concat();
        planning::free(&mut step, district, &offered, &[], rung.at).await?;
        planning::renditions(&mut step, district, message, &rung.renditions, &rung.holds).await?;
        let new = planning::deliveries(&mut step, district, message, &rung.deliveries).await?;
        planning::routes(&mut step, district, &rung.routes).await?;
        let fresh: Vec<&MenuEntry> = rung.menus.iter().filter(|(id, _)| new.contains(&id.0)).map(|(_, entry)| entry).collect();
        planning::menus(&mut step, district, fresh).await?;
        planning::tasks(&mut step, district, &rung.tasks).await?;
        for notice in &rung.notices {
            planning::ready(&mut step, district, notice, &[]).await?;
        }
    }
    if let Some(record) = &rung.suspend {
        sqlx::query::<Db>(SUSPEND).bind(district.0).bind(contact).execute(&mut *step).await.map_err(fault)?;
        audit(&mut step, district, record).await?;
    }
    step.commit().await.map_err(fault)?;
    Ok(true)
}
