//! [`WordStore`]: the memory and phrase approvals.

use super::*;
use domain::*;

crate::statements! {
    REMEMBERED = "SELECT m.pattern, s.title FROM memory m LEFT JOIN staff s ON s.district = m.district AND s.id = m.staff WHERE m.district = $1 AND m.source = $2 AND m.language = $3 AND m.replay = $4";
    REMEMBER = "INSERT INTO memory (district, source, language, replay, pattern, staff, at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (district, source, language, replay) DO UPDATE SET pattern = excluded.pattern, staff = excluded.staff, at = excluded.at";
    APPROVALS = "SELECT phrase, language, words, by_name, sample FROM approval WHERE district = $1";
    APPROVE = "INSERT INTO approval (district, phrase, language, words, by_name, sample) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (district, phrase, language) DO UPDATE SET words = excluded.words, by_name = excluded.by_name, sample = excluded.sample";
}

/// Keeps an approved translation, inside a step.
pub(super) async fn remember(conn: &mut Conn, district: DistrictId, memory: &NewMemory) -> Stored<()> {
    let query = sqlx::query::<Db>(REMEMBER).bind(district.0).bind(memory.from.clone()).bind(memory.to.clone()).bind(memory.key.clone());
    query.bind(clean(&memory.pattern)).bind(memory.by.0).bind(memory.at.0).execute(conn).await.map_err(fault)?;
    Ok(())
}

#[async_trait::async_trait]
impl WordStore for Handle {
    async fn remembered(&self, district: DistrictId, from: &str, wanted: &[(String, String)]) -> Stored<Vec<Option<Remembered>>> {
        let mut conn = self.lines.read().await?;
        let mut all = Vec::with_capacity(wanted.len());
        for (key, to) in wanted {
            let query = sqlx::query::<Db>(REMEMBERED).bind(district.0).bind(from.to_owned()).bind(to.clone()).bind(key.clone());
            let row = query.fetch_optional(&mut *conn).await.map_err(fault)?;
            all.push(
                row.map(|row| {
                    Ok::<_, StoreFault>(Remembered {
                        pattern: text(&row, 0)?,
                        by: row.try_get::<Option<String>, _>(1).map_err(fault)?.unwrap_or_default(),
                    })
                })
                .transpose()?,
            );
        }
        Ok(all)
    }

    async fn approvals(&self, district: DistrictId) -> Stored<Vec<PhraseApproval>> {
        let mut conn = self.lines.read().await?;
        let rows = sqlx::query::<Db>(APPROVALS).bind(district.0).fetch_all(&mut *conn).await.map_err(fault)?;
        let approval = |row: &DbRow| {
            Ok(PhraseApproval {
                key: text(row, 0)?,
                language: text(row, 1)?,
                text: text(row, 2)?,
                by: text(row, 3)?,
                sample: int(row, 4)? != 0,
            })
        };
        rows.iter().map(approval).collect()
    }

    async fn approve(&self, district: DistrictId, approvals: &[PhraseApproval], audit: &Audit) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        for row in approvals {
            let query = sqlx::query::<Db>(APPROVE).bind(district.0).bind(row.key.clone()).bind(row.language.clone());
            query.bind(clean(&row.text)).bind(clean(&row.by)).bind(i64::from(row.sample)).execute(&mut *step).await.map_err(fault)?;
        }
        super::audit(&mut step, district, audit).await?;
        step.commit().await.map_err(fault)
    }
}
