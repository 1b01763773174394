//! [`Wide`]: plain families of a school or district in one statement. What is plain is decided here in SQL and nowhere else; it
//! must stay narrower than the policy's answer "one delivery, no more": whoever is in doubt is special.

use super::*;
use domain::id::{MILLI, PER_MILLI};
use domain::message::{AnswerSet, MessageState};
use domain::people::Channel;
use domain::*;

/// What a plain adult `g` is joined with. The order is the order of reading: CROSS JOIN keeps SQLite from choosing another.
macro_rules! theirs {
    () => {
        "contact_guardian o CROSS JOIN contact c CROSS JOIN relation r CROSS JOIN student s"
    };
}

/// Adults of the slice: $1 district, $2 after, $3 up to. Told that they are few, SQLite looks up what is theirs; else it reads
/// the whole tables of contacts and students first, to see whether it is worth it.
macro_rules! adults {
    () => {
        concat!("g.district = $1 AND g.id > $2 AND ", few!("g.id <= $3"), " AND g.gone = 0")
    };
}

/// What makes `g` plain: $4 school (0 = any), $5 strange numbers are greeted, $6 digits are offered, $7 since when digits that closed are free again, $8 and $9 senders of
/// texts and letters (0 = none), $10 the message itself, whose own digits do not count.
macro_rules! plain {
    () => {
        concat!("g.language IS NOT NULL AND g.reads = 1 AND o.district = g.district AND o.guardian = +g.id", in_slice!("o.guardian"), " AND c.district = o.district AND c.id = o.contact AND c.textable <> 0 AND c.suspended = 0 AND (c.channel <> 1 OR c.confirmed = 1 OR CAST($5 AS BIGINT) = 0) AND CASE c.channel WHEN 1 THEN CAST($8 AS BIGINT) ELSE CAST($9 AS BIGINT) END <> 0 AND r.district = g.district AND r.guardian = +g.id", in_slice!("r.guardian"), " AND r.knows = 1 AND r.order_from IS NULL AND r.order_until IS NULL AND s.district = r.district AND s.id = r.student AND s.gone = 0 AND (s.school = $4 OR CAST($4 AS BIGINT) = 0) AND NOT EXISTS (SELECT 1 FROM contact_guardian x WHERE x.district = g.district AND x.guardian = g.id", in_slice!("x.guardian"), " AND x.contact <> o.contact) AND NOT EXISTS (SELECT 1 FROM contact_guardian x WHERE x.district = g.district AND x.contact = o.contact AND x.guardian <> g.id) AND NOT EXISTS (SELECT 1 FROM relation x WHERE x.district = g.district AND x.guardian = g.id", in_slice!("x.guardian"), " AND x.student <> r.student) AND NOT EXISTS (SELECT 1 FROM block b WHERE b.district = g.district AND b.contact = c.id) AND (CAST($6 AS BIGINT) = 0 OR c.channel <> 1 OR (NOT EXISTS (SELECT 1 FROM menu m WHERE m.district = g.district AND m.contact = c.id AND m.ends > $7) AND NOT EXISTS (SELECT 1 FROM delivery p WHERE +p.district = g.district AND p.contact = c.id AND p.message <> $10 AND p.offers <> 4 AND p.menu_base > 0 AND (p.closes > $7 OR p.opens > $7 - 86400000000))))")
    };
}

/// Children of the audience.
macro_rules! audience {
    () => {
        "a.district = g.district AND a.guardian = g.id AND k.district = a.district AND k.id = a.student AND k.gone = 0 AND (k.school = $4 OR CAST($4 AS BIGINT) = 0)"
    };
}

crate::statements! {
    GROUPS = concat!("SELECT g.language, c.channel, COUNT(*) FROM guardian g CROSS JOIN ", theirs!(), " WHERE ", adults!(), " AND ", plain!(), " GROUP BY g.language, c.channel");
    BOUNDS = "SELECT (SELECT MIN(id) FROM guardian WHERE district = $1), (SELECT MAX(id) FROM guardian WHERE district = $1)";
    LONGEST = concat!("SELECT s.given FROM guardian g CROSS JOIN ", theirs!(), " WHERE ", adults!(), " AND ", plain!(), " ORDER BY length(s.given) DESC LIMIT 1");
    SPECIAL = concat!("SELECT g.id FROM guardian g WHERE ", adults!(), " AND EXISTS (SELECT 1 FROM relation a CROSS JOIN student k WHERE ", audience!(), ") AND g.id NOT IN (SELECT g.id FROM guardian g CROSS JOIN ", theirs!(), " WHERE ", adults!(), " AND ", plain!(), ") ORDER BY g.id");
    // As above; a family whose language has no words in this message is special too.
    SPECIAL_NOW = concat!("WITH t AS MATERIALIZED (SELECT language, channel FROM rendition WHERE district = $1 AND message = $10) SELECT g.id FROM guardian g WHERE ", adults!(), " AND EXISTS (SELECT 1 FROM relation a CROSS JOIN student k WHERE ", audience!(), ") AND g.id NOT IN (SELECT g.id FROM guardian g CROSS JOIN ", theirs!(), " WHERE ", adults!(), " AND ", plain!(), " AND EXISTS (SELECT 1 FROM t WHERE t.language = g.language AND t.channel = c.channel)) ORDER BY g.id");
    IN_SLICE = concat!("SELECT COUNT(*) FROM guardian g WHERE ", adults!(), " AND EXISTS (SELECT 1 FROM relation a CROSS JOIN student k WHERE ", audience!(), ")");
    ALL_IN_SLICE = concat!("SELECT g.id FROM guardian g WHERE ", adults!(), " AND EXISTS (SELECT 1 FROM relation a CROSS JOIN student k WHERE ", audience!(), ") ORDER BY g.id");
    UPTO = "SELECT id FROM guardian WHERE district = $1 AND id > $2 ORDER BY id LIMIT 1 OFFSET $3";
    PLANNING = concat!("SELECT state, restored FROM message WHERE district = $1 AND id = $2 AND reached = $3", skip_locked!());
    PLAN = concat!("WITH t AS MATERIALIZED (SELECT id, language, channel, state FROM rendition WHERE district = $1 AND message = $10) INSERT INTO delivery (district, id, message, contact, rendition, language, channel, sender, lane, weight, state, attempt, opens, closes, students, menu_base, speaks_for, reason, changed, offers) SELECT $1, CAST($11 AS BIGINT) + p.n / $12 * $13 + p.n % $12, $10, p.contact, t.id, t.language, t.channel, CASE t.channel WHEN 1 THEN CAST($8 AS BIGINT) ELSE CAST($9 AS BIGINT) END, $14, $15, CASE t.state WHEN 1 THEN 0 ELSE 8 END, 0, $16, $17, p.students, CASE WHEN t.channel = 1 THEN 1 ELSE CAST($6 AS BIGINT) END, $18, '', 0, CASE WHEN t.channel = 1 THEN CAST($19 AS BIGINT) ELSE 4 END FROM (SELECT ", numbered!(number), " AS n, c.id AS contact, g.language AS language, c.channel AS channel, '[[' || CAST(s.id AS TEXT) || ',' || ", json_text!("s.given"), " || ']]' AS students FROM ", numbered!(from), " CROSS JOIN ", theirs!(), " WHERE ", numbered!(which), " AND g.gone = 0 AND ", plain!(), ") AS p JOIN t ON t.language = p.language AND t.channel = p.channel WHERE true ON CONFLICT (message, contact, language) DO NOTHING");
    MOVED = "UPDATE message SET reached = $3, state = $4 WHERE district = $1 AND id = $2";
    NAMES = concat!("SELECT DISTINCT n.word FROM student s CROSS JOIN (SELECT e.value ->> 0 AS word FROM ", rows!("$2"), ") AS n WHERE s.district = $1 AND s.gone = 0 AND (s.given = n.word OR s.family = n.word)");
}

type Asking<'q> = sqlx::query::Query<'q, Db, <Db as sqlx::Database>::Arguments>;

/// A statement with its parameters $1 to $10.
fn asked<'q>(sql: &'static str, district: DistrictId, message: MessageId, rule: &PlainRule, after: GuardianId, upto: i64) -> Asking<'q> {
    let query = sqlx::query::<Db>(sql).bind(district.0).bind(after.0).bind(upto).bind(rule.school.map_or(0, |school| school.0));
    let query = query.bind(i64::from(rule.greeted)).bind(i64::from(rule.digits)).bind(rule.now.plus_seconds(-domain::menu::REST).0);
    query.bind(rule.sms.map_or(0, |sender| sender.0)).bind(rule.email.map_or(0, |sender| sender.0)).bind(message.0)
}

/// An id in the midst of a district's adults.
async fn middle(conn: &mut Conn, district: DistrictId) -> Stored<i64> {
    let row = sqlx::query::<Db>(BOUNDS).bind(district.0).fetch_one(conn).await.map_err(fault)?;
    let (least, most) = (maybe(&row, 0)?.unwrap_or_default(), maybe(&row, 1)?.unwrap_or_default());
    Ok(least + (most - least) / 2)
}

impl Handle {
    /// Groups of the adults after one and up to another.
    async fn groups_of(&self, district: DistrictId, rule: &PlainRule, after: GuardianId, upto: i64) -> Stored<Vec<PlainGroup>> {
        let mut conn = self.lines.read().await?;
        let mut step = conn.begin_with(BEGIN_COUNT).await.map_err(fault)?;
        let rows = asked(GROUPS, district, MessageId(0), rule, after, upto).fetch_all(&mut *step).await.map_err(fault)?;
        step.commit().await.map_err(fault)?;
        let group = |row: &DbRow| {
            let channel = Channel::from_code(int(row, 1)? as i16).unwrap_or(Channel::Sms);
            Ok(PlainGroup { language: text(row, 0)?, channel, families: int(row, 2)? as usize })
        };
        rows.iter().map(group).collect()
    }
}

/// The last adult of a slice; `None`: it goes to the end.
async fn upto(conn: &mut Conn, district: DistrictId, after: GuardianId, most: i64) -> Stored<Option<GuardianId>> {
    let row = sqlx::query::<Db>(UPTO).bind(district.0).bind(after.0).bind(most - 1).fetch_optional(conn).await.map_err(fault)?;
    row.map(|row| Ok(GuardianId(int(&row, 0)?))).transpose()
}

fn ids(rows: &[DbRow]) -> Stored<Vec<GuardianId>> {
    rows.iter().map(|row| Ok(GuardianId(int(row, 0)?))).collect()
}

#[async_trait::async_trait]
impl Wide for Handle {
    async fn groups(&self, district: DistrictId, rule: &PlainRule) -> Stored<Vec<PlainGroup>> {
        // Two halves beside each other: an author waits for this.
        let middle = middle(&mut *self.lines.read().await?, district).await?;
        let halves = (self.groups_of(district, rule, GuardianId(0), middle), self.groups_of(district, rule, GuardianId(middle), i64::MAX));
        let (mut first, second) = futures_util::future::try_join(halves.0, halves.1).await?;
        first.extend(second);
        Ok(first)
    }

    async fn adults(&self, district: DistrictId, rule: &PlainRule) -> Stored<usize> {
        let mut conn = self.lines.read().await?;
        let row = asked(IN_SLICE, district, MessageId(0), rule, GuardianId(0), i64::MAX).fetch_one(&mut *conn).await.map_err(fault)?;
        Ok(int(&row, 0)? as usize)
    }

    async fn longest_name(&self, district: DistrictId, rule: &PlainRule) -> Stored<String> {
        let mut conn = self.lines.read().await?;
        let row = asked(LONGEST, district, MessageId(0), rule, GuardianId(0), i64::MAX).fetch_optional(&mut *conn).await.map_err(fault)?;
        row.map_or(Ok(String::new()), |row| text(&row, 0))
    }

    async fn special(&self, district: DistrictId, rule: &PlainRule, after: GuardianId, most: i64) -> Stored<PlainDone> {
        let mut conn = self.lines.read().await?;
        let upto = upto(&mut conn, district, after, most).await?;
        let end = upto.map_or(i64::MAX, |last| last.0);
        let rows = asked(SPECIAL, district, MessageId(0), rule, after, end).fetch_all(&mut *conn).await.map_err(fault)?;
        Ok(PlainDone { upto, special: ids(&rows)? })
    }

    async fn plan_plain(&self, district: DistrictId, slice: &PlainSlice) -> Stored<Option<PlainDone>> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let query = sqlx::query::<Db>(PLANNING).bind(district.0).bind(slice.message.0).bind(slice.after.0);
        let row = query.fetch_optional(&mut *step).await.map_err(fault)?;
        let Some(row) = row.filter(|row| int(row, 0).is_ok_and(|state| state == i64::from(MessageState::Planning.code()))) else {
            return Ok(None);
        };
        if slice.rule.digits {
            planning::hold_digits(&mut step, district).await?;
        }
        let upto = upto(&mut step, district, slice.after, slice.most).await?;
        let end = upto.map_or(i64::MAX, |last| last.0);
        let (rule, after, message) = (&slice.rule, slice.after, slice.message);
        // What was being planned when a backup was made may have gone: each row is looked at alone.
        let restored = maybe(&row, 1)?.is_some();
        let mut new = 0;
        if !restored {
            let query = asked(PLAN, district, message, rule, after, end).bind(slice.ids).bind(PER_MILLI).bind(MILLI);
            let query = query.bind(i64::from(slice.lane.code())).bind(i64::from(slice.weight.code())).bind(slice.opens.0);
            let query = query.bind(slice.closes.0).bind(slice.speaks_for.0);
            let offers = if rule.digits { slice.offers } else { AnswerSet::None };
            new = query.bind(i64::from(offers.code())).execute(&mut *step).await.map_err(fault)?.rows_affected();
        }
        // A whole slice of plain adults, one delivery each, needs no look at whose children are meant.
        let mut special = Vec::new();
        if upto.is_none() || new as i64 != slice.most {
            let all = asked(IN_SLICE, district, message, rule, after, end).fetch_one(&mut *step).await.map_err(fault)?;
            if int(&all, 0)? != new as i64 {
                let sql = if restored { ALL_IN_SLICE } else { SPECIAL_NOW };
                special = ids(&asked(sql, district, message, rule, after, end).fetch_all(&mut *step).await.map_err(fault)?)?;
            }
        }
        if special.is_empty() {
            let state = if upto.is_some() { MessageState::Planning } else { MessageState::Planned };
            let query = sqlx::query::<Db>(MOVED).bind(district.0).bind(slice.message.0).bind(upto.map_or(0, |last| last.0));
            query.bind(i64::from(state.code())).execute(&mut *step).await.map_err(fault)?;
        }
        step.commit().await.map_err(fault)?;
        Ok(Some(PlainDone { upto, special }))
    }

    async fn names(&self, district: DistrictId, words: &[String]) -> Stored<Vec<String>> {
        let mut conn = self.lines.read().await?;
        let set = to_json(&words.iter().map(|word| [clean(word)]).collect::<Vec<_>>())?;
        let rows = sqlx::query::<Db>(NAMES).bind(district.0).bind(set).fetch_all(&mut *conn).await.map_err(fault)?;
        rows.iter().map(|row| text(row, 0)).collect()
    }
}
