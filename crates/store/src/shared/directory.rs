//! [`Directory`]: the one port across districts.

use super::*;
use domain::letter::Bookmark;
use domain::message::Lane;
use domain::people::{District, Sender};
use domain::*;

crate::statements! {
    DISTRICTS = "SELECT body FROM district ORDER BY id";
    SAVE_DISTRICT = "INSERT INTO district (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = excluded.body";
    CLAIM_ADDRESS = "INSERT INTO sender_address (address, district, sender) VALUES ($1, $2, $3) ON CONFLICT (address) DO UPDATE SET sender = excluded.sender WHERE sender_address.district = excluded.district";
    SAVE_SENDER = "INSERT INTO sender (district, id, school, paused, why, body) VALUES ($1, $2, $3, $4, '', $5) ON CONFLICT (district, id) DO UPDATE SET school = excluded.school, paused = excluded.paused, body = excluded.body";
    BY_ADDRESS = "SELECT s.district, s.body, s.paused FROM sender_address a JOIN sender s ON s.district = a.district AND s.id = a.sender WHERE a.address = $1";
    SIGN_IN = "SELECT i.district, i.staff, i.hash, s.body FROM sign_in i JOIN staff s ON s.district = i.district AND s.id = i.staff WHERE i.name = $1 AND s.gone = 0";
    SET_PASSWORD = "INSERT INTO sign_in (name, district, staff, hash) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash WHERE sign_in.district = excluded.district AND sign_in.staff = excluded.staff";
    CLOSE_ALL = "DELETE FROM session WHERE district = $1 AND staff = $2";
    OPEN_SESSION = "INSERT INTO session (secret, district, staff, form_token, ends) VALUES ($1, $2, $3, $4, $5)";
    SESSION = "SELECT n.district, n.staff, n.form_token, n.ends, s.body FROM session n JOIN staff s ON s.district = n.district AND s.id = n.staff WHERE n.secret = $1 AND n.ends > $2 AND s.gone = 0";
    CLOSE_SESSION = "DELETE FROM session WHERE secret = $1";
    INVITE = "INSERT INTO invitation (secret, district, staff, ends) VALUES ($1, $2, $3, $4)";
    TAKE_INVITATION = "DELETE FROM invitation WHERE secret = $1 AND ends > $2 RETURNING district, staff";
    DUE = concat!("SELECT q.district, q.id, q.lane, q.body FROM (SELECT s.district, s.id, l.lane, s.body, (SELECT MIN(q.opens) FROM ", waiting!(from), " WHERE q.sender = s.id AND q.lane = l.lane AND ", waiting!(which), ") AS soonest FROM sender s CROSS JOIN (SELECT CAST(0 AS BIGINT) AS lane UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) l WHERE s.paused = 0 AND NOT EXISTS (SELECT 1 FROM restore p WHERE p.district = s.district AND p.resumed IS NULL)) q WHERE q.soonest <= $1 ORDER BY q.lane, q.soonest LIMIT $2");
    BUSY = concat!("SELECT id FROM district WHERE EXISTS (SELECT 1 FROM message m WHERE m.district = district.id AND m.state = 1) OR EXISTS (SELECT 1 FROM incoming i WHERE i.district = district.id AND i.place = 0 AND i.claimed_until <= $1) OR EXISTS (SELECT 1 FROM ", seen_to!(late), ") OR EXISTS (SELECT 1 FROM hold h WHERE h.district = district.id AND h.open = 1 AND h.waiting = 1 AND h.due <= $1) OR EXISTS (SELECT 1 FROM task k WHERE k.district = district.id AND k.kind = 6 AND k.ended IS NULL AND k.taken_by IS NULL AND k.due <= $1) OR EXISTS (SELECT 1 FROM ", seen_to!(fallen), ") OR EXISTS (SELECT 1 FROM ", seen_to!(restored), ") OR EXISTS (SELECT 1 FROM thread t WHERE t.district = district.id AND t.due <= $1) OR EXISTS (SELECT 1 FROM part p WHERE p.district = district.id AND p.joined IS NULL AND p.received <= $1 - 5000000) OR EXISTS (SELECT 1 FROM incoming q WHERE q.district = district.id AND q.place = 2)");
    RENEW_SLOT = "UPDATE node SET ends = $2 WHERE slot = $1";
    FREE_SLOT = "SELECT slot FROM node WHERE ends <= $1 ORDER BY slot LIMIT 1";
    NEXT_SLOT = "SELECT COALESCE(MAX(slot), -1) + 1 FROM node";
    TAKE_SLOT = "INSERT INTO node (slot, ends) VALUES ($1, $2) ON CONFLICT (slot) DO UPDATE SET ends = excluded.ends WHERE node.ends <= $3";
    LEASE = "INSERT INTO lease (name, holder, ends) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ends = excluded.ends WHERE lease.holder = excluded.holder OR lease.ends <= $4";
    BOOKMARK = "SELECT validity, uid, read FROM mailbox WHERE name = $1";
    SET_BOOKMARK = "INSERT INTO mailbox (name, validity, uid, read) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO UPDATE SET validity = excluded.validity, uid = excluded.uid, read = excluded.read";
}

fn active(row: &DbRow, index: usize) -> Stored<bool> {
    Ok(json::<domain::people::Staff>(row, index)?.active)
}

/// A sender as kept: the pause is a column, since SQL reads it.
pub(super) fn sender(row: &DbRow, body: usize, paused: usize) -> Stored<Sender> {
    let mut sender: Sender = json(row, body)?;
    sender.paused = int(row, paused)? != 0;
    Ok(sender)
}

#[async_trait::async_trait]
impl Directory for Handle {
    async fn districts(&self) -> Stored<Vec<District>> {
        let mut conn = self.lines.read().await?;
        sqlx::query::<Db>(DISTRICTS).fetch_all(&mut *conn).await.map_err(fault)?.iter().map(|row| json(row, 0)).collect()
    }

    async fn save_district(&self, district: &District) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        sqlx::query::<Db>(SAVE_DISTRICT).bind(district.id.0).bind(to_json(district)?).execute(&mut *conn).await.map_err(fault)?;
        Ok(())
    }

    async fn change_district(&self, district: &District, audit: &Audit) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        sqlx::query::<Db>(SAVE_DISTRICT).bind(district.id.0).bind(to_json(district)?).execute(&mut *step).await.map_err(fault)?;
        super::audit(&mut step, district.id, audit).await?;
        step.commit().await.map_err(fault)
    }

    async fn save_sender(&self, district: DistrictId, sender: &Sender) -> Stored<()> {
        self.numbers.forget();
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let mine = sqlx::query::<Db>(CLAIM_ADDRESS)
            .bind(sender.address.to_lowercase())
            .bind(district.0)
            .bind(sender.id.0)
            .execute(&mut *step)
            .await
            .map_err(fault)?;
        if mine.rows_affected() == 0 {
            return Err(StoreFault::Refused("another district has this number or address".into()));
        }
        let paused = i64::from(sender.paused);
        sqlx::query::<Db>(SAVE_SENDER)
            .bind(district.0)
            .bind(sender.id.0)
            .bind(sender.school.0)
            .bind(paused)
            .bind(to_json(sender)?)
            .execute(&mut *step)
            .await
            .map_err(fault)?;
        step.commit().await.map_err(fault)
    }

    async fn sender_by_address(&self, address: &str) -> Stored<Option<(DistrictId, Sender)>> {
        if let Some(known) = self.numbers.get(address) {
            return Ok(Some(known));
        }
        let mut conn = self.lines.read().await?;
        let row = sqlx::query::<Db>(BY_ADDRESS).bind(clean(&address.to_lowercase())).fetch_optional(&mut *conn).await.map_err(fault)?;
        let found = row.map(|row| Stored::Ok((DistrictId(int(&row, 0)?), self::sender(&row, 1, 2)?))).transpose()?;
        if let Some(found) = &found {
            self.numbers.keep(address, found.clone());
        }
        Ok(found)
    }

    async fn sign_in(&self, name: &str) -> Stored<Option<SignIn>> {
        let mut conn = self.lines.read().await?;
        let row = sqlx::query::<Db>(SIGN_IN).bind(clean(&name.to_lowercase())).fetch_optional(&mut *conn).await.map_err(fault)?;
        let Some(row) = row.filter(|row| active(row, 3).unwrap_or(false)) else {
            return Ok(None);
        };
        Ok(Some(SignIn { district: DistrictId(int(&row, 0)?), staff: StaffId(int(&row, 1)?), password_hash: text(&row, 2)? }))
    }

    async fn set_password(&self, district: DistrictId, staff: StaffId, name: &str, hash: &str, audit: &Audit) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let mine = sqlx::query::<Db>(SET_PASSWORD)
            .bind(clean(&name.to_lowercase()))
            .bind(district.0)
            .bind(staff.0)
            .bind(hash)
            .execute(&mut *step)
            .await
            .map_err(fault)?;
        if mine.rows_affected() == 0 {
            return Err(StoreFault::Refused("another person has this sign-in name".into()));
        }
        sqlx::query::<Db>(CLOSE_ALL).bind(district.0).bind(staff.0).execute(&mut *step).await.map_err(fault)?;
        super::audit(&mut step, district, audit).await?;
        step.commit().await.map_err(fault)
    }

    async fn open_session(&self, secret_hash: &str, session: &Session) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        let query = sqlx::query::<Db>(OPEN_SESSION).bind(secret_hash.to_owned()).bind(session.district.0).bind(session.staff.0);
        query.bind(session.form_token.clone()).bind(session.until.0).execute(&mut *conn).await.map_err(fault)?;
        Ok(())
    }

    async fn session(&self, secret_hash: &str, now: Time) -> Stored<Option<Session>> {
        let mut conn = self.lines.read().await?;
        let row = sqlx::query::<Db>(SESSION).bind(secret_hash.to_owned()).bind(now.0).fetch_optional(&mut *conn).await.map_err(fault)?;
        let Some(row) = row.filter(|row| active(row, 4).unwrap_or(false)) else {
            return Ok(None);
        };
        Ok(Some(Session {
            district: DistrictId(int(&row, 0)?),
            staff: StaffId(int(&row, 1)?),
            form_token: text(&row, 2)?,
            until: Time(int(&row, 3)?),
        }))
    }

    async fn close_session(&self, secret_hash: &str) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        sqlx::query::<Db>(CLOSE_SESSION).bind(secret_hash.to_owned()).execute(&mut *conn).await.map_err(fault)?;
        Ok(())
    }

    async fn invite(&self, secret_hash: &str, district: DistrictId, staff: StaffId, until: Time) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        sqlx::query::<Db>(INVITE)
            .bind(secret_hash.to_owned())
            .bind(district.0)
            .bind(staff.0)
            .bind(until.0)
            .execute(&mut *conn)
            .await
            .map_err(fault)?;
        Ok(())
    }

    async fn take_invitation(&self, secret_hash: &str, now: Time) -> Stored<Option<(DistrictId, StaffId)>> {
        let mut conn = self.lines.write().await?;
        let row =
            sqlx::query::<Db>(TAKE_INVITATION).bind(secret_hash.to_owned()).bind(now.0).fetch_optional(&mut *conn).await.map_err(fault)?;
        row.map(|row| Ok((DistrictId(int(&row, 0)?), StaffId(int(&row, 1)?)))).transpose()
    }

    async fn due(&self, now: Time, most: i64) -> Stored<Vec<Due>> {
        let rows = within(async {
            let mut conn = self.lines.read().await?;
            sqlx::query::<Db>(DUE).bind(now.0).bind(most).fetch_all(&mut *conn).await.map_err(fault)
        });
        let rows = rows.await?;
        let due = |row: &DbRow| {
            let lane = Lane::from_code(int(row, 2)? as i16).unwrap_or(Lane::Broadcast);
            let sender: Sender = json(row, 3)?;
            Ok(Due { district: DistrictId(int(row, 0)?), sender: sender.id, channel: sender.channel, lane, account: sender.account })
        };
        rows.iter().map(due).collect()
    }

    async fn busy(&self, now: Time) -> Stored<Vec<DistrictId>> {
        let rows = within(async {
            let mut conn = self.lines.read().await?;
            sqlx::query::<Db>(BUSY).bind(now.0).fetch_all(&mut *conn).await.map_err(fault)
        });
        rows.await?.iter().map(|row| Ok(DistrictId(int(row, 0)?))).collect()
    }

    async fn node_slot(&self, mine: Option<i16>, now: Time, until: Time) -> Stored<i16> {
        within(async {
            let mut conn = self.lines.write().await?;
            if let Some(slot) = mine {
                let renewed = sqlx::query::<Db>(RENEW_SLOT).bind(i64::from(slot)).bind(until.0).execute(&mut *conn).await.map_err(fault)?;
                if renewed.rows_affected() == 1 {
                    return Ok(slot);
                }
            }
            for _ in 0..16 {
                let free = sqlx::query::<Db>(FREE_SLOT).bind(now.0).fetch_optional(&mut *conn).await.map_err(fault)?;
                let slot = match free {
                    Some(row) => int(&row, 0)?,
                    None => int(&sqlx::query::<Db>(NEXT_SLOT).fetch_one(&mut *conn).await.map_err(fault)?, 0)?,
                };
                let taken = sqlx::query::<Db>(TAKE_SLOT).bind(slot).bind(until.0).bind(now.0).execute(&mut *conn).await.map_err(fault)?;
                if taken.rows_affected() == 1 && slot < 512 {
                    return Ok(slot as i16);
                }
            }
            Err(StoreFault::Away("no free node slot".into()))
        })
        .await
    }

    async fn lease(&self, name: &str, holder: &str, now: Time, until: Time) -> Stored<bool> {
        within(async {
            let mut conn = self.lines.write().await?;
            let query = sqlx::query::<Db>(LEASE).bind(clean(name)).bind(clean(holder)).bind(until.0).bind(now.0);
            Ok(query.execute(&mut *conn).await.map_err(fault)?.rows_affected() == 1)
        })
        .await
    }

    async fn bookmark(&self, mailbox: &str) -> Stored<Option<Bookmark>> {
        let mut conn = self.lines.read().await?;
        let row = sqlx::query::<Db>(BOOKMARK).bind(clean(mailbox)).fetch_optional(&mut *conn).await.map_err(fault)?;
        let Some(row) = row else { return Ok(None) };
        // Both are numbers of 32 bits in IMAP, and only such were written.
        let number = |index| Ok(u32::try_from(int(&row, index)?).unwrap_or_default());
        Ok(Some(Bookmark { validity: number(0)?, uid: number(1)?, read: Time(int(&row, 2)?) }))
    }

    async fn set_bookmark(&self, mailbox: &str, bookmark: Bookmark) -> Stored<()> {
        within(async {
            let mut conn = self.lines.write().await?;
            let query = sqlx::query::<Db>(SET_BOOKMARK).bind(clean(mailbox)).bind(i64::from(bookmark.validity));
            query.bind(i64::from(bookmark.uid)).bind(bookmark.read.0).execute(&mut *conn).await.map_err(fault)?;
            Ok(())
        })
        .await
    }

    async fn ring(&self, districts: &[DistrictId]) -> Stored<Vec<(DistrictId, i64)>> {
        bell::ring(&mut *self.lines.write().await?, districts).await
    }

    async fn rung(&self) -> Stored<Vec<(DistrictId, i64)>> {
        bell::rung(&mut *self.lines.read().await?).await
    }

    async fn clock(&self) -> Stored<Time> {
        backlog::clock(&mut *self.lines.read().await?).await
    }

    async fn backlog(&self, now: Time) -> Stored<Backlog> {
        backlog::backlog(&mut *self.lines.read().await?, now).await
    }
}
