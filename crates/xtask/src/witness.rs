//! A witness inside PostgreSQL: a trigger of the test's own notes every claim, every hold that was taken over and every
//! settlement, with who did it and when it was committed by the database's clock. It believes nobody's word but the rows.

use crate::house::House;
use crate::kill::{number, rows};
use anyhow::Context;

/// Settings of the cluster it needs.
pub(crate) const SETTINGS: &str = "-c track_commit_timestamp=on";

const WITNESS: &str = "
CREATE TABLE witness (n BIGSERIAL PRIMARY KEY, who TEXT NOT NULL, what TEXT NOT NULL, delivery BIGINT NOT NULL, attempt BIGINT NOT NULL, held_until BIGINT, until BIGINT, said BIGINT NOT NULL, at BIGINT NOT NULL);
CREATE INDEX witness_delivery ON witness (delivery, n);
CREATE FUNCTION witness() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE what TEXT;
BEGIN
  IF OLD.state <> 1 AND NEW.state = 1 THEN what := 'claim';
  ELSIF OLD.state = 1 AND NEW.state = 1 AND OLD.claimed_until IS DISTINCT FROM NEW.claimed_until THEN what := 'takeover';
  ELSIF OLD.state = 1 AND NEW.state <> 1 THEN what := 'settle';
  ELSE RETURN NULL;
  END IF;
  INSERT INTO witness (who, what, delivery, attempt, held_until, until, said, at) VALUES (current_setting('application_name'), what, NEW.id, NEW.attempt, OLD.claimed_until, NEW.claimed_until, NEW.changed, CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT));
  RETURN NULL;
END $$;
CREATE TRIGGER witness AFTER UPDATE ON delivery FOR EACH ROW EXECUTE FUNCTION witness()";

/// Each settlement with the claim or takeover it ends: the newest before it.
const ENDED: &str = "FROM witness s CROSS JOIN LATERAL (SELECT w.who, w.until FROM witness w WHERE w.delivery = s.delivery AND w.n < s.n AND w.what <> 'settle' ORDER BY w.n DESC LIMIT 1) h WHERE s.what = 'settle'";
/// Now, by the database.
const NOW: &str = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";
const COMMITTED: &str = "CAST(EXTRACT(EPOCH FROM pg_xact_commit_timestamp(s.xmin)) * 1000000 AS BIGINT)";

/// See the module.
pub(crate) struct Witness<'a> {
    house: &'a House,
    url: &'a str,
}

impl<'a> Witness<'a> {
    /// Begins to look.
    pub(crate) fn begin(house: &'a House, url: &'a str) -> anyhow::Result<Self> {
        rows(house, Some(url), WITNESS)?;
        Ok(Self { house, url })
    }

    fn count(&self, sql: &str) -> anyhow::Result<i64> {
        number(self.house, Some(self.url), sql)
    }

    /// Holds of one node that are open now: how many, and when the last of them ends, in microseconds from now.
    pub(crate) fn holds(&self, who: &str) -> anyhow::Result<(i64, i64)> {
        let held = format!(
            "SELECT COUNT(*), COALESCE(MAX(d.claimed_until), 0) - {NOW} FROM delivery d WHERE d.state = 1 AND (SELECT w.who FROM witness w WHERE w.delivery = d.id ORDER BY w.n DESC LIMIT 1) = '{who}'"
        );
        let row = rows(self.house, Some(self.url), &held)?;
        let (count, left) = row.first().and_then(|row| row.split_once('|')).context("a row")?;
        Ok((count.parse()?, left.parse()?))
    }

    /// Rows that another node took over from this one and has not settled.
    pub(crate) fn taken_from(&self, who: &str) -> anyhow::Result<i64> {
        let newest = "SELECT w.n, w.who, w.what FROM witness w WHERE w.delivery = d.id";
        self.count(&format!("SELECT COUNT(*) FROM delivery d CROSS JOIN LATERAL ({newest} ORDER BY w.n DESC LIMIT 1) t CROSS JOIN LATERAL ({newest} AND w.n < t.n ORDER BY w.n DESC LIMIT 1) h WHERE d.state = 1 AND t.what = 'takeover' AND t.who <> '{who}' AND h.who = '{who}'"))
    }

    /// Claims of one attempt by two nodes, claims of what was held, and holds taken over before their deadline.
    pub(crate) fn double_claims(&self) -> anyhow::Result<i64> {
        self.count("SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM witness WHERE what = 'claim' GROUP BY delivery, attempt HAVING COUNT(*) > 1) twice) + (SELECT COUNT(*) FROM witness WHERE what = 'takeover' AND at < held_until)")
    }

    /// Settlements that say a time past their deadline, were committed past it, or came from a node that no longer held the row.
    pub(crate) fn late_settled(&self) -> anyhow::Result<i64> {
        self.count(&format!("SELECT COUNT(*) {ENDED} AND (s.who <> h.who OR s.held_until <> h.until OR s.said >= s.held_until OR {COMMITTED} >= s.held_until)"))
    }

    /// Holds whose deadline passed before somebody took them over.
    pub(crate) fn takeovers(&self) -> anyhow::Result<i64> {
        self.count("SELECT COUNT(*) FROM witness WHERE what = 'takeover'")
    }

    /// Claims so far.
    pub(crate) fn claims(&self) -> anyhow::Result<i64> {
        self.count("SELECT COUNT(*) FROM witness WHERE what = 'claim'")
    }

    /// Nodes that claimed anything.
    pub(crate) fn claimers(&self) -> anyhow::Result<i64> {
        self.count("SELECT COUNT(DISTINCT who) FROM witness WHERE what = 'claim'")
    }
}
